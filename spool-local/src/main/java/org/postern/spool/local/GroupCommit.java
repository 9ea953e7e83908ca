// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.postern.spi.spool.SpoolFullException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes to the log. While a flush is under way, callers gather; the next round takes all of them,
 * writes their records one after another and flushes once. A caller is released when, and only when, the flush that
 * covers its records has succeeded: the segment is the write-ahead log, there is nothing else to be flushed.
 *
 * <p>If a round fails, messages in it were not accepted. What became of earlier messages is written once more, with the
 * reserve given up if the disk was full and to a new segment if a flush failed: to forget a delivery means to repeat it.
 */
final class GroupCommit implements Closeable {

    private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);
    private static final int MOST_IN_ROUND = 4096;
    private static final long MOST_OCTETS_IN_ROUND = 8 << 20;
    private static final String CLOSED = "the spool is closed and accepts nothing any more";

    private final SegmentLog log;
    private final Inventory inventory;
    private final Room room;
    private final Runnable afterRound;
    private final Queue<Pending> waiting = new ConcurrentLinkedQueue<>();
    private final Thread thread;
    private volatile boolean idle;
    private volatile boolean closing;
    private volatile boolean ended;
    private boolean failing;

    GroupCommit(SegmentLog log, Inventory inventory, Room room, Runnable afterRound, String name) {
        this.log = log;
        this.inventory = inventory;
        this.room = room;
        this.afterRound = afterRound;
        this.thread = Thread.ofPlatform()
                .daemon()
                .name("postern-spool-commit " + name)
                .unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Returns when this is durable. */
    void submit(Pending pending) throws IOException {
        begin(pending);
        pending.await();
    }

    /** Returns when all of these are durable. */
    void submitAll(List<? extends Pending> several) throws IOException {
        several.forEach(this::begin);
        for (Pending pending : several) {
            pending.await();
        }
    }

    /** Has this made durable; whoever brings it waits for that by itself. */
    void begin(Pending pending) {
        if (closing) {
            pending.fail(new IOException(CLOSED));
            return;
        }
        waiting.add(pending);
        if (idle) {
            LockSupport.unpark(thread);
        }
        if (ended) {
            failAll(waiting, new IOException(CLOSED));
        }
    }

    private void run() {
        try {
            List<Pending> round = new ArrayList<>();
            while (take(round)) {
                commit(round);
                round.clear();
                afterRound.run();
            }
        } catch (Throwable fatal) {
            LOG.error("the spool accepts nothing any more: its committing thread ended", fatal);
            throw fatal;
        } finally {
            closing = true;
            ended = true;
            failAll(waiting, new IOException(CLOSED));
        }
    }

    /** Moves go first: they write the states that were applied before this round, and what is newer follows them. */
    private boolean take(List<Pending> round) {
        while (waiting.isEmpty()) {
            if (closing) {
                return false;
            }
            idle = true;
            if (waiting.isEmpty() && !closing) {
                LockSupport.park(this);
            }
            idle = false;
        }
        List<Pending> others = new ArrayList<>();
        long octets = 0;
        while (round.size() + others.size() < MOST_IN_ROUND && octets < MOST_OCTETS_IN_ROUND && !waiting.isEmpty()) {
            Pending next = waiting.poll();
            octets += next.octets();
            (next instanceof Move ? round : others).add(next);
        }
        round.addAll(others);
        return true;
    }

    private void commit(List<Pending> round) {
        try {
            log.write(round);
            succeedAll(round);
        } catch (IOException failure) {
            salvage(round, failure);
        } catch (Throwable bug) {
            failAll(round, new IOException("the spool failed: " + bug, bug));
            throw bug;
        }
    }

    private void succeedAll(List<Pending> round) {
        round.forEach(Pending::succeed);
        if (failing && round.stream().anyMatch(Acceptance.class::isInstance)) {
            failing = false;
            LOG.info("the spool accepts mail again");
        }
    }

    private void salvage(List<Pending> round, IOException failure) {
        boolean full = failure instanceof DiskFullException
                || failure instanceof AbandonedSegmentException abandoned && abandoned.full();
        report(failure);
        if (full) {
            room.giveUpReserve();
        }
        List<Pending> again = changes(round);
        if (failure instanceof AbandonedSegmentException) {
            again.addAll(tombstones(round));
        }
        try {
            if (!again.isEmpty()) {
                log.write(again);
            }
            again.forEach(Pending::succeed);
        } catch (IOException second) {
            failAll(again, second);
        }
        // Only now, lest a caller that was refused come back before the disk has room for what is owed.
        failAll(round, full ? new SpoolFullException("no room left on the disk of the spool") : failure);
    }

    private void report(IOException failure) {
        if (!failing) {
            failing = true;
            LOG.error("the spool cannot be written; new mail is refused: {}", failure.toString());
        }
    }

    private static List<Pending> changes(List<Pending> round) {
        List<Pending> changes = new ArrayList<>();
        for (Pending pending : round) {
            if (pending instanceof Change) {
                changes.add(pending);
            }
        }
        return changes;
    }

    private List<Change> tombstones(List<Pending> round) {
        List<Change> tombstones = new ArrayList<>();
        for (Pending pending : round) {
            if (pending instanceof Acceptance refused && refused.placed()) {
                tombstones.add(Change.tombstone(inventory, refused.number()));
            }
        }
        return tombstones;
    }

    private static void failAll(Iterable<Pending> all, IOException cause) {
        for (Pending pending : all) {
            pending.fail(cause);
        }
    }

    /** Writes what waits, then ends. */
    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(thread);
        ThreadEnd.await(thread);
    }
}
