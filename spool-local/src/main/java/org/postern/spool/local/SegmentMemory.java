// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Holds one segment after another in the same memory outside the heap, while the log is read. */
final class SegmentMemory {

    private ByteBuffer memory = ByteBuffer.allocateDirect(0);

    /** Reads a file; what was read before is gone. */
    ByteBuffer load(DiskFile file) throws IOException {
        int size = Math.toIntExact(file.size());
        if (memory.capacity() < size) {
            memory = ByteBuffer.allocateDirect(size);
        }
        memory.clear().limit(size);
        file.readFully(memory, 0);
        return memory.flip();
    }
}
