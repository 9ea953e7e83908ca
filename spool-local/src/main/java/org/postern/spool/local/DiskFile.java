// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** An open file of the spool. Threading: reads from many threads; writes from one. */
interface DiskFile extends Closeable {

    /** Reads at a position; -1 at the end, and perhaps fewer octets than fit. */
    int read(ByteBuffer into, long position) throws IOException;

    /**
     * Writes at a position, perhaps fewer octets than offered.
     *
     * @throws DiskFullException if there is no room
     */
    int write(ByteBuffer from, long position) throws IOException;

    /** Cuts the file off. */
    void truncate(long size) throws IOException;

    /**
     * Makes what was written durable. After a failure nothing may be believed about what was written since the last.
     *
     * @throws DiskFullException if there is no room: some file systems look for it only now
     */
    void force() throws IOException;

    /** Octets in the file. */
    long size() throws IOException;

    /** Writes all that remains, however short the single writes are. */
    default void writeFully(ByteBuffer from, long position) throws IOException {
        long at = position;
        while (from.hasRemaining()) {
            int written = write(from, at);
            if (written <= 0) {
                throw new IOException("the disk takes no more octets and does not say why");
            }
            at += written;
        }
    }

    /** Fills the buffer as far as the file reaches; the number of octets read. */
    default int readFully(ByteBuffer into, long position) throws IOException {
        int start = into.position();
        while (into.hasRemaining()) {
            int read = read(into, position + into.position() - start);
            if (read < 0) {
                break;
            }
        }
        return into.position() - start;
    }
}
