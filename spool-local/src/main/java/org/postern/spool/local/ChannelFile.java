// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A file behind one channel for reading and one for writing. An interrupted reader closes its channel under all others:
 * these open it again, and the writer does not notice, so that one cancelled delivery does not disturb the rest.
 */
final class ChannelFile implements DiskFile {

    private final DirectoryDisk disk;
    private final Path path;
    private final ReentrantLock reopening = new ReentrantLock();
    private final FileChannel writer;
    private volatile FileChannel reader;
    private volatile boolean closed;

    private ChannelFile(DirectoryDisk disk, Path path, FileChannel writer, FileChannel reader) {
        this.disk = disk;
        this.path = path;
        this.writer = writer;
        this.reader = reader;
    }

    static ChannelFile created(DirectoryDisk disk, Path path, FileChannel writer) throws IOException {
        return new ChannelFile(disk, path, writer, reader(path));
    }

    /** For reading; to flush is no writing. */
    static ChannelFile opened(DirectoryDisk disk, Path path) throws IOException {
        FileChannel channel = reader(path);
        return new ChannelFile(disk, path, channel, channel);
    }

    private static FileChannel reader(Path path) throws IOException {
        return FileChannel.open(path, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
    }

    @Override
    public int read(ByteBuffer into, long position) throws IOException {
        while (true) {
            FileChannel current = reader;
            int start = into.position();
            try {
                return current.read(into, position);
            } catch (ClosedByInterruptException ours) {
                throw ours;
            } catch (ClosedChannelException theirs) {
                into.position(start);
                reopen(current);
            }
        }
    }

    private void reopen(FileChannel broken) throws IOException {
        reopening.lock();
        try {
            if (closed) {
                throw new ClosedChannelException();
            }
            if (reader == broken) {
                reader = reader(path);
            }
        } finally {
            reopening.unlock();
        }
    }

    @Override
    public int write(ByteBuffer from, long position) throws IOException {
        try {
            return writer.write(from, position);
        } catch (IOException failure) {
            throw disk.explain(failure);
        }
    }

    @Override
    public void truncate(long size) throws IOException {
        writer.truncate(size);
    }

    @Override
    public void force() throws IOException {
        try {
            writer.force(false);
        } catch (IOException failure) {
            throw disk.explain(failure);
        }
    }

    @Override
    public long size() throws IOException {
        return writer.size();
    }

    @Override
    public void close() throws IOException {
        reopening.lock();
        try {
            closed = true;
            writer.close();
            reader.close();
        } finally {
            reopening.unlock();
        }
    }
}
