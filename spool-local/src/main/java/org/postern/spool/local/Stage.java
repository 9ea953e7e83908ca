// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Gathers the records of a round outside the heap and writes them in large pieces. Used by the committing thread. */
final class Stage {

    private static final int SIZE = 1 << 20;
    private static final byte[] FILLING = new byte[RecordHeader.ALIGNMENT];

    private final ByteBuffer buffer = ByteBuffer.allocateDirect(SIZE);
    private DiskFile file;
    private long position;

    void begin(DiskFile target, long start) {
        buffer.clear();
        file = target;
        position = start;
    }

    void put(LogRecord record, long nonce) throws IOException {
        long start = position + buffer.position();
        put(ByteBuffer.wrap(record.header().toBytes(nonce, start)));
        put(ByteBuffer.wrap(record.head()));
        for (ByteBuffer piece : record.content()) {
            put(piece.duplicate());
        }
        long filled = position + buffer.position() - start;
        put(ByteBuffer.wrap(FILLING, 0, (int) (record.length() - filled)));
    }

    /** Writes what was put, then this many zeros, at most as many as fit into the buffer. */
    void putZeros(int octets) throws IOException {
        flush();
        buffer.limit(octets);
        while (buffer.remaining() >= Long.BYTES) {
            buffer.putLong(0);
        }
        flush();
    }

    private void put(ByteBuffer octets) throws IOException {
        while (octets.hasRemaining()) {
            if (!buffer.hasRemaining()) {
                flush();
            }
            int length = Math.min(octets.remaining(), buffer.remaining());
            buffer.put(octets.slice(octets.position(), length));
            octets.position(octets.position() + length);
        }
    }

    void flush() throws IOException {
        int length = buffer.flip().remaining();
        file.writeFully(buffer, position);
        position += length;
        buffer.clear();
    }
}
