// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the log after a start. Nothing that was read is changed, and nothing is appended to a segment of an earlier life,
 * so that a crash during recovery leaves what was there before it.
 */
final class Recovery {

    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

    private static final long PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Disk disk;
    private final MessageNumbers numbers;
    private final Inventory inventory;
    private final List<Segment> segments = new ArrayList<>();
    private final SegmentMemory memory = new SegmentMemory();
    /** Whose nonce it is: no two segments share one unless one was copied. */
    private final Map<Long, String> nonces = new HashMap<>();

    /** Messages whose content has a file of its own. */
    private final Set<Long> withFiles = new TreeSet<>();

    private long lastNumber;
    private long toldAt = System.nanoTime();

    Recovery(Disk disk, MessageNumbers numbers, Inventory inventory) {
        this.disk = disk;
        this.numbers = numbers;
        this.inventory = inventory;
    }

    /** The segments that were read, oldest first. */
    List<Segment> segments() {
        return segments;
    }

    /** The highest number of a segment file. */
    long lastNumber() {
        return lastNumber;
    }

    /** @throws IOException if storage cannot be read, or was written by a later version */
    void run() throws IOException {
        try {
            readAll(disk.list());
        } catch (IOException | RuntimeException failure) {
            for (Segment segment : segments) {
                segment.file().close();
            }
            inventory.close();
            throw failure;
        }
    }

    private void readAll(List<String> names) throws IOException {
        if (names.contains(Names.INDEX)) {
            deleteIndex();
        }
        for (String name : names) {
            OptionalLong number = Names.segmentNumber(name);
            if (number.isPresent()) {
                lastNumber = Math.max(lastNumber, number.getAsLong());
                read(number.getAsLong(), name);
                inventory.requireIndex();
                sayHowFar(name, names);
            }
        }
        match(names);
        disk.forceDirectory();
    }

    private void sayHowFar(String name, List<String> names) {
        if (System.nanoTime() - toldAt > PROGRESS_NANOS) {
            toldAt = System.nanoTime();
            LOG.info(
                    "spool {}: {} of {} files read, {} messages wait so far",
                    disk,
                    names.indexOf(name) + 1,
                    names.size(),
                    inventory.size());
        }
    }

    /** It is of an earlier life. If it cannot go now, then when the next one is made. */
    private void deleteIndex() {
        try {
            disk.delete(Names.INDEX);
        } catch (IOException failure) {
            LOG.warn("spool {}: {} could not be deleted: {}", disk, Names.INDEX, failure.toString());
        }
    }

    private void read(long number, String name) throws IOException {
        DiskFile file = disk.open(name);
        try {
            // What a killed process wrote may be in memory only; it counts from here on, so it must be durable.
            file.force();
            ByteBuffer octets = memory.load(file);
            Replay replay = new Replay(number, file, octets.limit());
            if (SegmentScan.run(octets, name, replay).isPresent()) {
                segments.add(replay.segment);
            } else {
                file.close();
                setAside(name, octets);
            }
        } catch (IOException | RuntimeException failure) {
            file.close();
            throw failure;
        }
    }

    /** A segment that was being made when power failed holds nothing and vanishes; any other is kept for people. */
    private void setAside(String name, ByteBuffer octets) throws IOException {
        if (octets.limit() <= SegmentHeader.LENGTH) {
            disk.delete(name);
        } else {
            disk.rename(name, name + Names.DAMAGED);
            LOG.error("spool {}: segment {} has no readable header; set aside as {}", disk, name, name + Names.DAMAGED);
        }
    }

    /** Takes up the records of one segment. */
    private final class Replay implements SegmentScan.Visitor {

        private final long number;
        private final DiskFile file;
        private final long length;
        private Segment segment;

        Replay(long number, DiskFile file, long length) {
            this.number = number;
            this.file = file;
            this.length = length;
        }

        @Override
        public void header(SegmentHeader header) {
            Optional.ofNullable(nonces.putIfAbsent(header.nonce(), Names.segment(number)))
                    .ifPresent(this::reportCopy);
            segment = new Segment(number, header.nonce(), file, length);
            numbers.seen(header.firstNumber());
        }

        // It does no harm: of two places of a message the first one counts, and the states of both.
        private void reportCopy(String original) {
            LOG.warn(
                    "spool {}: {} is a copy of {}; each message in both is delivered once. Another spool with a copy"
                            + " would deliver it too",
                    disk,
                    Names.segment(number),
                    original);
        }

        @Override
        public void record(RecordHeader header, long offset, ByteBuffer head) throws IOException {
            numbers.seen(header.number());
            switch (header.type()) {
                case MESSAGE -> message(header, offset, head);
                case UPDATE -> inventory.update(header.number(), StateNote.read(head));
                case REMOVAL -> inventory.remove(header.number());
            }
        }

        private void message(RecordHeader header, long offset, ByteBuffer head) throws IOException {
            // The first place wins. A copy may have survived a power cut without the states that were written after it;
            // while the first place is there, so is every update that followed it.
            if (inventory.find(header.number()).isPresent()) {
                return;
            }
            MessageHead.Outline outline = MessageHead.outline(head);
            numbers.seen(outline.bodyFile());
            if (outline.bodyFile() != 0) {
                withFiles.add(header.number());
            }
            inventory.accept(new Entry(
                    header.number(), outline.bodyFile(), outline.recipients(), segment, offset, header.recordLength()));
        }

        @Override
        public void damaged(SegmentScan.Damage damage) {
            keep(damage, Names.segment(number) + "-" + damage.from() + Names.DAMAGED);
        }

        /** Damage that was kept before was told of before. */
        private void keep(SegmentScan.Damage damage, String copy) {
            try {
                if (disk.list().contains(copy)) {
                    return;
                }
                report(damage, copy);
                try (DiskFile out = disk.create(copy)) {
                    out.writeFully(damage.octets(), 0);
                }
            } catch (IOException failure) {
                LOG.warn("spool {}: {} could not be written: {}", disk, copy, failure.toString());
            }
        }

        private void report(SegmentScan.Damage damage, String copy) {
            String name = Names.segment(number);
            if (damage.last()) {
                LOG.warn(
                        "spool {}: {} ends in an incomplete record at offset {} ({}); a message in it was not accepted,"
                                + " unless the file was changed later; kept as {}",
                        disk,
                        name,
                        damage.from(),
                        damage.what(),
                        copy);
            } else {
                LOG.error(
                        "spool {}: damaged record in {} at offset {}: {} does not match its checksum; set aside as {}",
                        disk,
                        name,
                        damage.from(),
                        damage.what(),
                        copy);
            }
        }
    }

    /** A message whose file is missing, or has another length, cannot be delivered. Files that nobody needs go. */
    private void match(List<String> names) throws IOException {
        Set<String> present = new HashSet<>();
        for (String name : names) {
            if (Names.isBody(name)) {
                present.add(name);
            } else if (!isOurs(name)) {
                LOG.warn("spool {}: {} is not a file of the spool and is left alone", disk, name);
            }
        }
        for (long number : withFiles) {
            Optional<Entry> entry = inventory.find(number);
            if (entry.isPresent() && isComplete(entry.get(), present)) {
                present.remove(Names.body(entry.get().bodyFile()));
            } else if (entry.isPresent()) {
                drop(entry.get());
            }
        }
        for (String needless : present) {
            disk.delete(needless);
        }
    }

    private void drop(Entry entry) {
        LOG.error(
                "spool {}: {} with the content of message {} is missing or cut off; the message is lost",
                disk,
                Names.body(entry.bodyFile()),
                MessageNumbers.name(entry.number()));
        inventory.remove(entry.number());
    }

    private boolean isComplete(Entry entry, Set<String> present) throws IOException {
        String name = Names.body(entry.bodyFile());
        if (!present.contains(name)) {
            return false;
        }
        Entry.Place place = entry.place();
        long expected = place.segment()
                .readHead(entry.number(), place.offset())
                .header()
                .contentLength();
        try (DiskFile file = disk.open(name)) {
            return file.size() == expected;
        }
    }

    private static boolean isOurs(String name) {
        return Names.segmentNumber(name).isPresent()
                || Names.isBody(name)
                || Names.isDamaged(name)
                || name.equals(Names.RESERVE)
                || name.equals(Names.INDEX);
    }
}
