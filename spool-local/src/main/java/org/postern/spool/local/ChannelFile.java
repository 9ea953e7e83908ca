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
 * A file behind a channel. An interrupted reader closes a channel under all others; these open it again, so that one
 * cancelled delivery does not disturb the rest.
 */
final class ChannelFile implements DiskFile {

    private final DirectoryDisk disk;
    private final Path path;
    private final ReentrantLock reopening = new ReentrantLock();
    private volatile FileChannel channel;
    private volatile boolean closed;

    ChannelFile(DirectoryDisk disk, Path path, FileChannel channel) {
        this.disk = disk;
        this.path = path;
        this.channel = channel;
    }

    static FileChannel reader(Path path) throws IOException {
        return FileChannel.open(path, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
    }

    @Override
    public int read(ByteBuffer into, long position) throws IOException {
        while (true) {
            FileChannel current = channel;
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
            if (channel == broken) {
                channel = reader(path);
            }
        } finally {
            reopening.unlock();
        }
    }

    @Override
    public int write(ByteBuffer from, long position) throws IOException {
        try {
            return channel.write(from, position);
        } catch (IOException failure) {
            throw disk.explain(failure);
        }
    }

    @Override
    public void truncate(long size) throws IOException {
        channel.truncate(size);
    }

    @Override
    public void force() throws IOException {
        channel.force(false);
    }

    @Override
    public long size() throws IOException {
        return channel.size();
    }

    @Override
    public void close() throws IOException {
        reopening.lock();
        try {
            closed = true;
            channel.close();
        } finally {
            reopening.unlock();
        }
    }
}
