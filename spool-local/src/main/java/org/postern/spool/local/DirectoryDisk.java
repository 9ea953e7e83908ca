// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** A directory of the file system, locked while it is open, closed to everybody but its owner. */
final class DirectoryDisk implements Disk {

    private static final Set<PosixFilePermission> OWNER_DIRECTORY = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> OWNER_FILE = PosixFilePermissions.fromString("rw-------");
    private static final Set<OpenOption> CREATE = Set.of(
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            LinkOption.NOFOLLOW_LINKS);

    private final Path directory;
    private final FileStore store;
    private final DirectoryLock lock;

    private DirectoryDisk(Path directory, FileStore store, DirectoryLock lock) {
        this.directory = directory;
        this.store = store;
        this.lock = lock;
    }

    /** @throws IOException with one line for people, if the directory cannot be had for us alone */
    static DirectoryDisk take(Path directory) throws IOException {
        Path path = directory.toAbsolutePath().normalize();
        if (!Files.isDirectory(path)) {
            make(path);
        }
        if (!Files.getPosixFilePermissions(path).equals(OWNER_DIRECTORY)) {
            Files.setPosixFilePermissions(path, OWNER_DIRECTORY);
        }
        DirectoryLock lock = DirectoryLock.take(path);
        try {
            return new DirectoryDisk(path, Files.getFileStore(path), lock);
        } catch (IOException | RuntimeException failure) {
            lock.close();
            throw failure;
        }
    }

    private static void make(Path path) throws IOException {
        Files.createDirectories(path, PosixFilePermissions.asFileAttribute(OWNER_DIRECTORY));
        if (path.getParent() != null) {
            force(path.getParent());
        }
    }

    @Override
    public List<String> list() throws IOException {
        try (Stream<Path> paths = Files.list(directory)) {
            return paths.map(path -> path.getFileName().toString())
                    .filter(name -> !name.equals(DirectoryLock.NAME))
                    .sorted()
                    .toList();
        }
    }

    @Override
    public DiskFile create(String name) throws IOException {
        try {
            Path path = directory.resolve(name);
            FileAttribute<?> ownerOnly = PosixFilePermissions.asFileAttribute(OWNER_FILE);
            return ChannelFile.created(this, path, FileChannel.open(path, CREATE, ownerOnly));
        } catch (IOException failure) {
            throw explain(failure);
        }
    }

    @Override
    public DiskFile open(String name) throws IOException {
        return ChannelFile.opened(this, directory.resolve(name));
    }

    @Override
    public void delete(String name) throws IOException {
        Files.deleteIfExists(directory.resolve(name));
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Files.move(directory.resolve(from), directory.resolve(to), StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void forceDirectory() throws IOException {
        force(directory);
    }

    private static void force(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public long usableSpace() throws IOException {
        return store.getUsableSpace();
    }

    /** The JDK tells a full disk from a broken one by a text alone, and that in the language of the system. */
    IOException explain(IOException failure) {
        String text = String.valueOf(failure.getMessage());
        boolean saysSo = text.contains("No space left") || text.contains("quota exceeded");
        return saysSo || nothingLeft() ? new DiskFullException(failure) : failure;
    }

    private boolean nothingLeft() {
        try {
            return usableSpace() < 64 * 1024;
        } catch (IOException unknown) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }

    @Override
    public String toString() {
        return directory.toString();
    }
}
