// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Sees to it that one state directory serves one process. The lock ends with the process, however that ends. */
final class InstanceLock implements AutoCloseable {

    private final FileChannel file;

    private InstanceLock(FileChannel file) {
        this.file = file;
    }

    /**
     * Takes the lock.
     *
     * @throws IOException if another process has it, or the directory cannot be written; the message is for people
     */
    static InstanceLock take(Path state) throws IOException {
        Path path = state.resolve("lock");
        FileChannel file = open(state, path);
        try {
            return locked(file, path);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private static FileChannel open(Path state, Path lock) throws IOException {
        try {
            Files.createDirectories(state);
            return FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } catch (FileAlreadyExistsException occupied) {
            throw new IOException("the state directory " + state + " cannot be made: a file is in its place", occupied);
        } catch (AccessDeniedException denied) {
            throw new IOException(
                    "the state directory " + state + " cannot be written by user " + System.getProperty("user.name")
                            + ": no permission for " + denied.getFile() + " (--state names another)",
                    denied);
        } catch (FileSystemException other) {
            String reason = other.getReason() == null ? other.toString() : other.getReason();
            throw new IOException("the state directory " + state + " cannot be used: " + reason, other);
        }
    }

    private static InstanceLock locked(FileChannel file, Path path) throws IOException {
        if (!tryLock(file)) {
            throw new IOException(path.getParent() + " is in use by another Postern" + owner(file));
        }
        file.truncate(0);
        String pid = ProcessHandle.current().pid() + "\n";
        file.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)), 0);
        return new InstanceLock(file);
    }

    private static boolean tryLock(FileChannel file) throws IOException {
        try {
            FileLock lock = file.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException sameProcess) {
            return false;
        }
    }

    private static String owner(FileChannel file) throws IOException {
        ByteBuffer content = ByteBuffer.allocate(32);
        file.read(content, 0);
        String pid = new String(content.array(), 0, content.position(), StandardCharsets.US_ASCII).strip();
        return pid.matches("[0-9]+") ? " (process " + pid + ")" : "";
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
