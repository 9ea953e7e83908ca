// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The right to change a vault, held by one thread of one process. The lock file beside the vault stays there: to delete
 * it would let two writers lock two different files.
 */
final class VaultLock implements AutoCloseable {

    private static final Map<Path, ReentrantLock> IN_THIS_PROCESS = new ConcurrentHashMap<>();
    private static final Duration PAUSE = Duration.ofMillis(10);

    private final ReentrantLock inProcess;
    private final FileChannel channel;

    private VaultLock(ReentrantLock inProcess, FileChannel channel) {
        this.inProcess = inProcess;
        this.channel = channel;
    }

    /**
     * Waits for the right to change this file.
     *
     * @param file absolute, with links resolved
     * @throws IOException if another holds it for longer than the patience, or the lock file cannot be made
     */
    static VaultLock acquire(Path file, Duration patience) throws IOException {
        long deadline = System.nanoTime() + patience.toNanos();
        // A lock of the operating system belongs to the process and ends when any channel to the file is closed, so
        // only one thread at a time may have such a channel.
        ReentrantLock inProcess = IN_THIS_PROCESS.computeIfAbsent(file, ignored -> new ReentrantLock(true));
        if (!acquired(inProcess, patience)) {
            throw busy(file);
        }
        FileChannel channel = null;
        try {
            channel = open(file);
            await(file, channel, deadline);
            return new VaultLock(inProcess, channel);
        } catch (IOException | RuntimeException refused) {
            close(channel);
            inProcess.unlock();
            throw refused;
        }
    }

    private static boolean acquired(ReentrantLock lock, Duration patience) throws IOException {
        try {
            return lock.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException given) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for the vault's lock");
        }
    }

    private static FileChannel open(Path file) throws IOException {
        Path lock = lockFile(file);
        if (!Files.exists(lock, LinkOption.NOFOLLOW_LINKS)) {
            try {
                AtomicReplacement.createPrivate(lock).close();
            } catch (java.nio.file.FileAlreadyExistsException another) {
                // Made by another writer in the meantime, which serves as well.
            }
        }
        return FileChannel.open(lock, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    }

    private static void await(Path file, FileChannel channel, long deadline) throws IOException {
        while (!locked(channel)) {
            if (System.nanoTime() > deadline || Thread.currentThread().isInterrupted()) {
                throw busy(file);
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private static boolean locked(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException elsewhereInThisProcess) {
            // Another version of this bundle in the same process, with a table of its own.
            return false;
        }
    }

    /** The highest count of writes that a writer has noted beside this file; 0 if none has, or it cannot be read. */
    static long generationSeen(Path file) {
        try {
            return Long.parseLong(Files.readString(lockFile(file)).strip());
        } catch (IOException | NumberFormatException unknown) {
            return 0;
        }
    }

    /** Notes how often the file has been written, so that an older copy put in its place is told apart. */
    void noteGeneration(long generation) throws IOException {
        ByteBuffer text = ByteBuffer.wrap((generation + "\n").getBytes(StandardCharsets.US_ASCII));
        channel.truncate(0);
        channel.write(text, 0);
    }

    private static Path lockFile(Path file) {
        return file.resolveSibling("." + file.getFileName() + ".postern-lock");
    }

    private static IOException busy(Path file) {
        return new IOException("vault " + file + " is being changed by another process; try again");
    }

    private static void close(FileChannel channel) throws IOException {
        if (channel != null) {
            channel.close();
        }
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            inProcess.unlock();
        }
    }
}
