// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import java.io.Closeable;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log: segments in order, the last of them written to. Segments leave at the front only, which is what makes it safe
 * to forget updates and removals: what they speak of stands before them and is gone when they go.
 *
 * <p>Threading: written by the committing thread; the front is taken away by the housekeeping thread.
 */
final class SegmentLog implements Closeable {

    private static final Logger LOG = LoggerFactory.getLogger(SegmentLog.class);

    /** Below this a round is small enough for its flush to be dominated by the change of the file's size. */
    private static final long SMALL_ROUND = 128 << 10;

    private final Disk disk;
    private final MessageNumbers numbers;
    private final SpoolOptions options;
    private final Stage stage = new Stage();
    private final SecureRandom random = new SecureRandom();
    private final Deque<Segment> segments;
    private volatile Segment active;
    private long lastNumber;
    private long allocated;
    private boolean overlong;

    /**
     * @param options sizes
     * @param lastNumber the highest number of a segment file, readable or not
     * @param recovered the segments that were read, oldest first
     */
    SegmentLog(Disk disk, MessageNumbers numbers, SpoolOptions options, long lastNumber, List<Segment> recovered) {
        this.disk = disk;
        this.numbers = numbers;
        this.options = options;
        this.lastNumber = lastNumber;
        this.segments = new ConcurrentLinkedDeque<>(recovered);
    }

    private record Placed(Pending pending, long offset) {}

    /**
     * Makes a round durable and applies it.
     *
     * @throws DiskFullException if there is no room; nothing of the round counts
     * @throws AbandonedSegmentException if it is not known what of the round is on the disk; nothing of it counts now
     * @throws IOException if storage fails; nothing of the round counts
     */
    void write(List<? extends Pending> round) throws IOException {
        Segment segment = writable();
        List<Placed> placed = new ArrayList<>(round.size());
        long end = put(segment, round, placed);
        if (end > segment.end()) {
            force(segment);
            segment.extendTo(end);
        }
        for (Placed one : placed) {
            one.pending().apply(segment, one.offset());
        }
    }

    private long put(Segment segment, List<? extends Pending> round, List<Placed> placed) throws IOException {
        try {
            long end = stage(segment, round, placed);
            stage.flush();
            allocateAhead(segment, end);
            return end;
        } catch (IOException failure) {
            cutBack(segment);
            throw failure;
        }
    }

    private long stage(Segment segment, List<? extends Pending> round, List<Placed> placed) throws IOException {
        long at = segment.end();
        stage.begin(segment.file(), at);
        for (Pending pending : round) {
            List<LogRecord> records = pending.records();
            if (!records.isEmpty()) {
                placed.add(new Placed(pending, at));
            }
            for (LogRecord record : records) {
                stage.put(record, segment.nonce());
                at += record.length();
            }
        }
        return at;
    }

    /**
     * Fills what comes next with zeros along with a small round. The flush of a file that does not grow costs half of one
     * that does, since the file system has nothing to note in its journal.
     */
    private void allocateAhead(Segment segment, long end) {
        if (end <= allocated || end - segment.end() > SMALL_ROUND) {
            return;
        }
        try {
            stage.putZeros(options.ahead());
            allocated = end + options.ahead();
        } catch (IOException noMatter) {
            allocated = end;
        }
    }

    /** What a failed write left behind is cut off, lest part of it count after a restart. */
    private void cutBack(Segment segment) throws IOException {
        try {
            segment.file().truncate(segment.end());
            allocated = segment.end();
        } catch (IOException failure) {
            throw abandon(segment, failure);
        }
    }

    /** A failed flush is not tried again: the kernel may have dropped the octets and call the next flush a success. */
    private void force(Segment segment) throws IOException {
        try {
            segment.file().force();
        } catch (IOException failure) {
            throw abandon(segment, failure);
        }
    }

    private AbandonedSegmentException abandon(Segment segment, IOException cause) {
        active = null;
        LOG.error(
                "spool {}: segment {} failed and is not written to any more: {}",
                disk,
                segment.name(),
                cause.toString());
        return new AbandonedSegmentException(segment.name(), cause);
    }

    /** A segment that is long enough is followed by another. Where none can be made it grows, lest deliveries go unnoted. */
    private Segment writable() throws IOException {
        Segment current = active;
        if (current != null && current.end() < options.segment()) {
            return current;
        }
        try {
            active = begin();
            overlong = false;
        } catch (IOException failure) {
            if (current == null) {
                throw failure;
            }
            reportOverlong(current, failure);
        }
        return active;
    }

    private void reportOverlong(Segment current, IOException failure) {
        if (!overlong) {
            overlong = true;
            LOG.warn(
                    "spool {}: no segment could be begun after {}, which is written to further: {}",
                    disk,
                    current.name(),
                    failure.toString());
        }
    }

    /** A number is used once, even if the file could not be made, or not be taken away again. */
    private Segment begin() throws IOException {
        long number = ++lastNumber;
        String name = Names.segment(number);
        SegmentHeader header = new SegmentHeader(random.nextLong(), numbers.next());
        DiskFile file = disk.create(name);
        try {
            file.writeFully(header.toBuffer(), 0);
            file.force();
            disk.forceDirectory();
        } catch (IOException failure) {
            discard(file, name, failure);
            throw failure;
        }
        Segment segment = new Segment(number, header.nonce(), file, SegmentHeader.LENGTH);
        segments.addLast(segment);
        allocated = SegmentHeader.LENGTH;
        return segment;
    }

    private void discard(DiskFile file, String name, IOException failure) {
        try (file) {
            disk.delete(name);
        } catch (IOException second) {
            failure.addSuppressed(second);
        }
    }

    /** The oldest segment, unless it is the one that is written to. */
    Optional<Segment> oldestSealed() {
        return Optional.ofNullable(segments.peekFirst()).filter(segment -> segment != active);
    }

    /** Octets in segments that are not written to. */
    long sealedOctets() {
        return segments.stream()
                .filter(s -> s != active)
                .mapToLong(Segment::end)
                .sum();
    }

    /** Octets in them that are still needed. */
    long sealedLiveOctets() {
        return segments.stream()
                .filter(s -> s != active)
                .mapToLong(Segment::liveOctets)
                .sum();
    }

    /** Takes the oldest segment away for good, before any younger one may go. */
    void dropOldest(Segment oldest) throws IOException {
        disk.delete(oldest.name());
        disk.forceDirectory();
        segments.remove(oldest);
        oldest.file().close();
    }

    @Override
    public void close() throws IOException {
        for (Segment segment : segments) {
            segment.file().close();
        }
    }
}
