// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.zip.CRC32C;

/** The content of a large message. Its last octets are handed out only when the whole matches its checksum. */
final class BodyStream extends InputStream {

    private final DiskFile file;
    private final String name;
    private final long length;
    private final int expected;
    private final CRC32C crc = new CRC32C();
    private final ByteBuffer buffer = ByteBuffer.allocate(64 << 10).limit(0);
    private long position;
    private IOException damaged;

    BodyStream(DiskFile file, String name, RecordHeader header) {
        this.file = file;
        this.name = name;
        this.length = header.contentLength();
        this.expected = header.contentCrc();
    }

    @Override
    public int read() throws IOException {
        return fill() ? buffer.get() & 0xff : -1;
    }

    @Override
    public int read(byte[] into, int offset, int count) throws IOException {
        Objects.checkFromIndexSize(offset, count, into.length);
        if (count == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int taken = Math.min(count, buffer.remaining());
        buffer.get(into, offset, taken);
        return taken;
    }

    @Override
    public int available() {
        return buffer.remaining();
    }

    private boolean fill() throws IOException {
        if (damaged != null) {
            throw new IOException(damaged.getMessage(), damaged);
        }
        if (!buffer.hasRemaining() && position < length) {
            load();
        }
        return buffer.hasRemaining();
    }

    private void load() throws IOException {
        buffer.clear().limit((int) Math.min(buffer.capacity(), length - position));
        int read = file.readFully(buffer, position);
        buffer.flip();
        crc.update(buffer.duplicate());
        position += read;
        if (buffer.limit() == 0 || (position == length && (int) crc.getValue() != expected)) {
            buffer.limit(0);
            damaged = new DamagedRecordException(name, 0, "the content");
            throw damaged;
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
