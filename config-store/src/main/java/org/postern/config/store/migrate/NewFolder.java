// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store.migrate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;

/**
 * A folder that is filled beside its place and moved there as a whole, readable by its owner alone. Closing it before it is
 * in place leaves nothing behind.
 */
final class NewFolder implements AutoCloseable {

    private final Path place;
    private final Path draft;

    private NewFolder(Path place, Path draft) {
        this.place = place;
        this.draft = draft;
    }

    /** @param place where it shall be, absolute; nothing is touched there yet */
    static NewFolder beside(Path place) throws IOException {
        Path parent = place.getParent();
        if (parent == null) {
            throw new IOException(place + " cannot be replaced");
        }
        Files.createDirectories(parent);
        return new NewFolder(place, Files.createTempDirectory(parent, "." + place.getFileName() + ".migrating-"));
    }

    /** Where it is filled. */
    Path draft() {
        return draft;
    }

    /** Writes a file that is not there yet. */
    void write(Path relative, byte[] content) throws IOException {
        Path file = draft.resolve(relative).normalize();
        if (!file.startsWith(draft)) {
            throw new IOException(relative + " leads out of the folder");
        }
        Files.createDirectories(file.getParent(), attributes(file, "rwx------"));
        var options = EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (var channel = Files.newByteChannel(file, options, attributes(file, "rw-------"))) {
            channel.write(java.nio.ByteBuffer.wrap(content));
        }
    }

    private static FileAttribute<?>[] attributes(Path file, String permissions) {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    /**
     * Why it may not be put in its place.
     *
     * @param force whether what is there may be moved aside
     * @throws IOException if something is there
     */
    static void requireFree(Path place, boolean force) throws IOException {
        if (force || !Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!Files.isDirectory(place)) {
            throw new IOException(place + " is there and is no folder; --force moves it aside");
        }
        try (Stream<Path> entries = Files.list(place)) {
            if (entries.findAny().isPresent()) {
                throw new IOException(place + " is there and is not empty; --force moves it aside");
            }
        }
    }

    /** Puts it in its place. What was there is moved aside, to the same name with a number. */
    void moveInPlace() throws IOException {
        if (Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
            moveAside();
        }
        move(draft, place);
    }

    /** Puts its files into the folder, which may hold others; none of them is replaced. */
    void moveInto() throws IOException {
        if (!Files.exists(place)) {
            move(draft, place);
            return;
        }
        try (Stream<Path> files = Files.list(draft)) {
            List<Path> names = files.map(Path::getFileName).toList();
            for (Path name : names) {
                if (Files.exists(place.resolve(name), LinkOption.NOFOLLOW_LINKS)) {
                    throw new IOException(place.resolve(name) + " is there already; choose another folder");
                }
            }
            for (Path name : names) {
                move(draft.resolve(name), place.resolve(name));
            }
        }
    }

    private void moveAside() throws IOException {
        if (Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
            try (Stream<Path> entries = Files.list(place)) {
                if (entries.findAny().isEmpty()) {
                    Files.delete(place);
                    return;
                }
            }
        }
        int number = 1;
        while (Files.exists(numbered(number), LinkOption.NOFOLLOW_LINKS)) {
            number++;
        }
        move(place, numbered(number));
    }

    private Path numbered(int number) {
        return place.resolveSibling(place.getFileName() + "." + number);
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException elsewhere) {
            throw new IOException(to + " is on another file system than the folder that it stands in", elsewhere);
        }
    }

    /** Removes the draft, if it is still there. */
    @Override
    public void close() throws IOException {
        if (!Files.exists(draft)) {
            return;
        }
        try (Stream<Path> tree = Files.walk(draft)) {
            List<Path> deepestFirst = tree.sorted(Comparator.reverseOrder()).toList();
            for (Path entry : deepestFirst) {
                Files.delete(entry);
            }
        } catch (UncheckedIOException unreadable) {
            throw unreadable.getCause();
        }
    }
}
