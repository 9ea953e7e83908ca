// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Reads a segment from front to back and checks every octet of it. Where something does not hold, the scan goes on at the
 * next place where a record written for that place stands: damage costs the record it is in, and no other.
 */
final class SegmentScan {

    /** What the scan finds. */
    interface Visitor {

        /** The segment's own header; called first. */
        void header(SegmentHeader header);

        /** A record as it was written; the head is to be read at once. */
        void record(RecordHeader header, long offset, ByteBuffer head) throws IOException;

        /** Octets that are no record. */
        void damaged(Damage damage);
    }

    /**
     * Octets of a segment that are no record.
     *
     * @param from the first
     * @param octets what stands there, zeros at the end left out
     * @param what what does not hold
     * @param last whether nothing valid follows, as where a power cut tore a write that nobody had been told of
     */
    record Damage(long from, ByteBuffer octets, String what, boolean last) {}

    private final ByteBuffer segment;
    private final long nonce;
    private final Visitor visitor;

    private SegmentScan(ByteBuffer segment, long nonce, Visitor visitor) {
        this.segment = segment;
        this.nonce = nonce;
        this.visitor = visitor;
    }

    /**
     * Reads all records of a segment.
     *
     * @return the segment's header; nothing if it is unreadable, and then no record was read
     */
    static Optional<SegmentHeader> run(ByteBuffer segment, String name, Visitor visitor) throws IOException {
        Optional<SegmentHeader> header = SegmentHeader.read(segment, name);
        if (header.isPresent()) {
            visitor.header(header.get());
            new SegmentScan(segment, header.get().nonce(), visitor).records();
        }
        return header;
    }

    private void records() throws IOException {
        int at = SegmentHeader.LENGTH;
        while (at < segment.limit()) {
            RecordHeader header = headerAt(at);
            at = header == null ? skipDamage(at) : take(header, at);
        }
    }

    private RecordHeader headerAt(int at) {
        RecordHeader header = RecordHeader.readAt(segment, at, nonce, at);
        return header != null && header.recordLength() <= segment.limit() - at ? header : null;
    }

    private int take(RecordHeader header, int at) throws IOException {
        int end = at + Math.toIntExact(header.recordLength());
        ByteBuffer head = segment.slice(at + RecordHeader.LENGTH, header.headLength());
        ByteBuffer content =
                segment.slice(at + RecordHeader.LENGTH + header.headLength(), Math.toIntExact(header.storedContent()));
        if (!header.headMatches(head)) {
            report(at, end, "the head of message " + MessageNumbers.name(header.number()));
        } else if (!header.contentMatches(content)) {
            report(at, end, "the content of message " + MessageNumbers.name(header.number()));
        } else {
            visitor.record(header, at, head);
        }
        return end;
    }

    private int skipDamage(int at) {
        int next = at + RecordHeader.ALIGNMENT;
        while (next < segment.limit() && headerAt(next) == null) {
            next += RecordHeader.ALIGNMENT;
        }
        report(at, Math.min(next, segment.limit()), "a record's header");
        return next;
    }

    private void report(int from, int end, String what) {
        boolean last = end == segment.limit();
        int to = end;
        while (to > from && segment.get(to - 1) == 0) {
            to--;
        }
        // A segment is filled with zeros ahead of what is written, so zeros up to the end are no damage.
        if (to > from || !last) {
            visitor.damaged(new Damage(from, segment.slice(from, to - from), what, last));
        }
    }
}
