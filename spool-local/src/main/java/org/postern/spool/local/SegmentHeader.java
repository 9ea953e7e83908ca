// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * What a segment file begins with, twice, a page apart: without the nonce no record could be told from a forgery.
 *
 * @param nonce the random number that every record repeats
 * @param firstNumber a number larger than that of any message accepted before; it survives the messages themselves
 */
record SegmentHeader(long nonce, long firstNumber) {

    /** Where records begin. */
    static final int LENGTH = 8192;

    static final int FORMAT = 1;

    private static final long MAGIC = 0x506f737465726e53L;
    private static final int COPY = 4096;
    private static final int CHECKED = 28;

    /** Both copies, with what is between them. */
    ByteBuffer toBuffer() {
        ByteBuffer buffer = ByteBuffer.allocate(LENGTH);
        putAt(buffer, 0);
        putAt(buffer, COPY);
        return buffer.rewind();
    }

    private void putAt(ByteBuffer buffer, int at) {
        buffer.position(at);
        buffer.putLong(MAGIC).putInt(FORMAT).putLong(nonce).putLong(firstNumber);
        buffer.putInt(crc(buffer.slice(at, CHECKED)));
    }

    /**
     * Reads whichever copy is whole.
     *
     * @throws IOException if the segment was written in a later format
     */
    static Optional<SegmentHeader> read(ByteBuffer segment, String name) throws IOException {
        for (int at = 0; at <= COPY; at += COPY) {
            if (segment.limit() >= at + CHECKED + 4
                    && segment.getLong(at) == MAGIC
                    && segment.getInt(at + CHECKED) == crc(segment.slice(at, CHECKED))) {
                checkFormat(segment.getInt(at + 8), name);
                return Optional.of(new SegmentHeader(segment.getLong(at + 12), segment.getLong(at + 20)));
            }
        }
        return Optional.empty();
    }

    private static void checkFormat(int format, String name) throws IOException {
        if (format != FORMAT) {
            throw new IOException("segment " + name + " has format " + format + ", this version reads format " + FORMAT
                    + "; start the version that wrote it");
        }
    }

    private static int crc(ByteBuffer octets) {
        CRC32C crc = new CRC32C();
        crc.update(octets);
        return (int) crc.getValue();
    }
}
