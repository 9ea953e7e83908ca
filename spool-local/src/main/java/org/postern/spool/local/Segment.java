// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One file of the log, and what in it is still needed. Threading: the counts are changed by the committing thread and read
 * by all.
 */
final class Segment {

    private static final int USUAL_HEAD = 512;

    private final long number;
    private final long nonce;
    private final DiskFile file;
    private final AtomicLong live = new AtomicLong();
    private final AtomicLong liveOctets = new AtomicLong();
    private volatile long end;

    Segment(long number, long nonce, DiskFile file, long end) {
        this.number = number;
        this.nonce = nonce;
        this.file = file;
        this.end = end;
    }

    long number() {
        return number;
    }

    String name() {
        return Names.segment(number);
    }

    long nonce() {
        return nonce;
    }

    DiskFile file() {
        return file;
    }

    /** Where the next record goes; all before it is durable. */
    long end() {
        return end;
    }

    void extendTo(long newEnd) {
        end = newEnd;
    }

    void gained(long octets) {
        live.incrementAndGet();
        liveOctets.addAndGet(octets);
    }

    void lost(long octets) {
        liveOctets.addAndGet(-octets);
        live.decrementAndGet();
    }

    boolean isNeeded() {
        return live.get() > 0;
    }

    long liveOctets() {
        return liveOctets.get();
    }

    /**
     * Reads and checks the head of a message, with one read where the head is not unusually long.
     *
     * @throws DamagedRecordException if what stands there is not what was written
     */
    Stored readHead(long number, long offset) throws IOException {
        ByteBuffer first = ByteBuffer.allocate(USUAL_HEAD);
        file.readFully(first, offset);
        RecordHeader header = RecordHeader.readAt(first.flip(), 0, nonce, offset);
        if (header == null || header.number() != number || header.type() != RecordHeader.Type.MESSAGE) {
            throw new DamagedRecordException(name(), offset, "the header");
        }
        ByteBuffer head = RecordHeader.LENGTH + header.headLength() <= first.limit()
                ? first.slice(RecordHeader.LENGTH, header.headLength())
                : read(offset + RecordHeader.LENGTH, header.headLength());
        if (!header.headMatches(head)) {
            throw new DamagedRecordException(name(), offset, "the head");
        }
        return new Stored(header, head);
    }

    /** Reads and checks the content of a message that is in the log. */
    ByteBuffer readContent(Stored stored, long offset) throws IOException {
        RecordHeader header = stored.header();
        ByteBuffer content =
                read(offset + RecordHeader.LENGTH + header.headLength(), Math.toIntExact(header.storedContent()));
        if (!header.contentMatches(content)) {
            throw new DamagedRecordException(name(), offset, "the content");
        }
        return content;
    }

    private ByteBuffer read(long offset, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        if (file.readFully(buffer, offset) < length) {
            throw new DamagedRecordException(name(), offset, "the end of the file");
        }
        return buffer.flip();
    }

    /** A message's header and its head, checked. */
    record Stored(RecordHeader header, ByteBuffer head) {}
}
