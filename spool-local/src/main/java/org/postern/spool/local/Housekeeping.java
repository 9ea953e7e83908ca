// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets room back, besides the traffic. Segments are dropped at the front of the log once nothing in them is needed. Where
 * less than a quarter of the closed segments is needed, what is needed of the oldest is copied to the end of the log, so
 * that the disk holds at most about four times what waits, and one octet in four written is a copy at worst.
 */
final class Housekeeping implements Closeable {

    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long MOST_AT_ONCE = 1 << 20;
    private static final int SPARSE = 4;

    private final Disk disk;
    private final SegmentLog log;
    private final Inventory inventory;
    private final Room room;
    private final Queue<String> discarded = new ConcurrentLinkedQueue<>();
    private final Thread thread;
    private GroupCommit commits;
    private volatile boolean closing;
    private boolean failing;

    Housekeeping(Disk disk, SegmentLog log, Inventory inventory, Room room) {
        this.disk = disk;
        this.log = log;
        this.inventory = inventory;
        this.room = room;
        this.thread = Thread.ofPlatform()
                .daemon()
                .name("postern-spool-housekeeping " + disk)
                .unstarted(this::run);
    }

    void start(GroupCommit committing) {
        use(committing);
        thread.start();
    }

    void use(GroupCommit committing) {
        commits = committing;
    }

    /** A message is durably gone; so may be its file. */
    void discard(Entry entry) {
        if (entry.bodyFile() != 0) {
            discarded.add(Names.body(entry.bodyFile()));
        }
    }

    /** Called after each round; wakes the housekeeping if there is something for it. */
    void look() {
        if (!discarded.isEmpty()
                || log.oldestSealed().filter(s -> !s.isNeeded()).isPresent()) {
            LockSupport.unpark(thread);
        }
    }

    private void run() {
        while (!closing) {
            tidy();
            LockSupport.parkNanos(this, PAUSE_NANOS);
        }
    }

    /** Does all that is to be done now. A failure is told once and tried again later. */
    void tidy() {
        try {
            deleteBodies();
            dropSegments();
            while (!closing && isSparse() && !inventory.isLost()) {
                moveOldest();
                dropSegments();
            }
            failing = false;
        } catch (IOException failure) {
            report(failure);
        }
        room.restoreReserve();
    }

    private void report(IOException failure) {
        if (!failing && !closing) {
            failing = true;
            LOG.warn("spool {}: room could not be got back, will try again: {}", disk, failure.toString());
        }
    }

    private void deleteBodies() throws IOException {
        for (String name = discarded.peek(); name != null; name = discarded.peek()) {
            disk.delete(name);
            discarded.poll();
        }
    }

    private void dropSegments() throws IOException {
        Optional<Segment> oldest = log.oldestSealed();
        while (oldest.isPresent() && !oldest.get().isNeeded()) {
            log.dropOldest(oldest.get());
            inventory.dropped(oldest.get());
            oldest = log.oldestSealed();
        }
    }

    private boolean isSparse() {
        long sealed = log.sealedOctets();
        return sealed > 0 && log.sealedLiveOctets() < sealed / SPARSE;
    }

    private void moveOldest() throws IOException {
        Optional<Segment> oldest = log.oldestSealed();
        if (oldest.isEmpty()) {
            return;
        }
        List<Move> moves = new ArrayList<>();
        long octets = 0;
        for (Entry entry : entriesIn(oldest.get())) {
            Move move = move(entry);
            moves.add(move);
            octets += move.octets();
            if (octets >= MOST_AT_ONCE) {
                commits.submitAll(moves);
                moves.clear();
                octets = 0;
            }
        }
        commits.submitAll(moves);
    }

    private List<Entry> entriesIn(Segment segment) throws IOException {
        List<Entry> entries = new ArrayList<>(inventory.held().entries(entry -> entry.isIn(segment)));
        if (inventory.parkedCount() > 0) {
            entries.addAll(parkedIn(segment));
        }
        entries.sort(Comparator.comparingLong(Entry::number));
        return entries;
    }

    /** The index does not know what is in a segment, so it is asked about all that ever was. */
    private List<Entry> parkedIn(Segment segment) throws IOException {
        List<Entry> entries = new ArrayList<>();
        for (SegmentHeads heads = new SegmentHeads(segment); heads.next(); ) {
            RecordHeader header = heads.header();
            if (header.type() == RecordHeader.Type.MESSAGE && !inventory.isHeld(header.number())) {
                inventory
                        .find(header.number())
                        .filter(entry -> entry.place().equals(new Entry.Place(segment, heads.offset())))
                        .ifPresent(entries::add);
            }
        }
        return entries;
    }

    /** What cannot be read cannot be copied; it stays, and its segment with it, for people to look at. */
    private Move move(Entry entry) throws IOException {
        Entry.Place place = entry.place();
        Segment.Stored stored = place.segment().readHead(entry.number(), place.offset());
        ByteBuffer content = place.segment().readContent(stored, place.offset());
        return new Move(inventory, place, stored, content);
    }

    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(thread);
        ThreadEnd.await(thread);
    }
}
