// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import java.nio.ByteBuffer;
import java.util.List;

/** A message that waits to be accepted. */
final class Acceptance extends Pending {

    private final Inventory inventory;
    private final MessageHead head;
    private final byte[] headOctets;
    private final RecordHeader form;
    private final List<ByteBuffer> content;
    private final long number;
    private volatile boolean placed;
    private volatile boolean held;

    /**
     * @param contentLength octets of content, wherever it is
     * @param contentCrc its checksum
     * @param content what goes into the log; empty if the content has a file of its own
     */
    Acceptance(
            Inventory inventory,
            MessageNumbers numbers,
            MessageHead head,
            long contentLength,
            int contentCrc,
            List<ByteBuffer> content) {
        this.inventory = inventory;
        this.number = numbers.next();
        this.head = head;
        this.headOctets = head.toBytes();
        this.form = RecordHeader.message(0, headOctets, head.bodyFile() != 0, contentLength, contentCrc);
        this.content = content;
    }

    /** The number of the message. */
    long number() {
        return number;
    }

    /** Whether it may be in the log. */
    boolean placed() {
        return placed;
    }

    /** Whether it is for the engine now, once it is durable. */
    boolean held() {
        return held;
    }

    @Override
    List<LogRecord> records() {
        placed = true;
        return List.of(new LogRecord(form.withNumber(number), headOctets, content));
    }

    @Override
    long octets() {
        return form.recordLength();
    }

    @Override
    void apply(Segment segment, long offset) {
        int recipients = head.envelope().recipients().size();
        held = inventory.accept(new Entry(number, head.bodyFile(), recipients, segment, offset, form.recordLength()));
    }
}
