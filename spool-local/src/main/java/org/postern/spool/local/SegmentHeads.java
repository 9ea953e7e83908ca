// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Goes through the headers of a segment without reading what is between them. */
final class SegmentHeads {

    private static final int WINDOW = 64 << 10;

    private final Segment segment;
    private final ByteBuffer window = ByteBuffer.allocate(WINDOW).limit(0);
    private long windowAt;
    private long offset;
    private RecordHeader header;

    SegmentHeads(Segment segment) {
        this.segment = segment;
    }

    /**
     * Goes on to the next header that can be read.
     *
     * @return whether there is one
     */
    boolean next() throws IOException {
        offset = header == null ? SegmentHeader.LENGTH : offset + header.recordLength();
        header = headerAt(offset);
        while (header == null && offset < segment.end()) {
            offset += RecordHeader.ALIGNMENT;
            header = headerAt(offset);
        }
        return header != null;
    }

    RecordHeader header() {
        return header;
    }

    /** Where it stands. */
    long offset() {
        return offset;
    }

    private RecordHeader headerAt(long at) throws IOException {
        if (at < windowAt || at + RecordHeader.LENGTH > windowAt + window.limit()) {
            windowAt = at;
            segment.file().readFully(window.clear(), at);
            window.flip();
        }
        return RecordHeader.readAt(window, (int) (at - windowAt), segment.nonce(), at);
    }
}
