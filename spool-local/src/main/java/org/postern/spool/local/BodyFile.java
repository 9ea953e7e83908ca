// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The content of one large message while it arrives, in a file of its own, so that a slow or long message holds up no
 * other. The file is flushed, and its name, before the record that names it is written; a file that no record names is
 * swept away at the next start.
 */
final class BodyFile implements Closeable {

    private static final Logger LOG = LoggerFactory.getLogger(BodyFile.class);

    private final Disk disk;
    private final long number;
    private final DiskFile file;
    private long length;

    private BodyFile(Disk disk, long number, DiskFile file) {
        this.disk = disk;
        this.number = number;
        this.file = file;
    }

    static BodyFile create(Disk disk, long number) throws IOException {
        return new BodyFile(disk, number, disk.create(Names.body(number)));
    }

    long number() {
        return number;
    }

    void write(ByteBuffer content) throws IOException {
        int added = content.remaining();
        file.writeFully(content, length);
        length += added;
    }

    void force() throws IOException {
        file.force();
        disk.forceDirectory();
    }

    void discard() {
        try {
            disk.delete(Names.body(number));
        } catch (IOException failure) {
            LOG.warn(
                    "spool {}: {} is left over until the next start: {}", disk, Names.body(number), failure.toString());
        }
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException nothingMoreToLose) {
            LOG.debug("closing {}", Names.body(number), nothingMoreToLose);
        }
    }
}
