// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** The content of a small message while it arrives: pieces of memory that grow with it. */
final class InlineBody {

    private static final int FIRST = 8 << 10;
    private static final int LARGEST = 64 << 10;

    private final List<ByteBuffer> pieces = new ArrayList<>(2);
    private ByteBuffer last = ByteBuffer.allocate(0);

    void write(ByteBuffer content) {
        while (content.hasRemaining()) {
            if (!last.hasRemaining()) {
                last = ByteBuffer.allocate(pieces.isEmpty() ? FIRST : Math.min(LARGEST, last.capacity() * 2));
                pieces.add(last);
            }
            int length = Math.min(content.remaining(), last.remaining());
            last.put(content.slice(content.position(), length));
            content.position(content.position() + length);
        }
    }

    /** What was written, to be read. */
    List<ByteBuffer> pieces() {
        return pieces.stream().map(piece -> piece.duplicate().flip()).toList();
    }
}
