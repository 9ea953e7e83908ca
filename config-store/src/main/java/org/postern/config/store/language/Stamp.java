// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store.language;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * What can be learned about a path without reading its content. Two equal stamps mean, with the exception in
 * {@link #isRecentAt}, that nothing changed.
 */
sealed interface Stamp {

    /** Nothing is there, or nothing that may be looked at. */
    record Absent(String reason) implements Stamp {}

    /**
     * A file. The change time is there because an editor can set the modification time back, but not that one.
     *
     * @param real the path with links followed; another one after a ConfigMap was swapped
     * @param size in octets
     * @param modified modification time
     * @param changed change time where the file system has one, otherwise the modification time
     * @param key the file system's own identity of the file, such as device and inode
     */
    record Present(Path real, long size, FileTime modified, FileTime changed, String key) implements Stamp {}

    /**
     * A directory.
     *
     * @param real the path with links followed
     * @param names its visible entries, in order
     */
    record Listing(Path real, List<String> names) implements Stamp {}

    /** Looks at a path. */
    static Stamp of(Path path) {
        try {
            Path real = path.toRealPath();
            BasicFileAttributes attributes = Files.readAttributes(real, BasicFileAttributes.class);
            return attributes.isDirectory() ? new Listing(real, visible(real)) : present(real, attributes);
        } catch (IOException | RuntimeException unreachable) {
            return new Absent(unreachable.getClass().getSimpleName());
        }
    }

    private static Stamp present(Path real, BasicFileAttributes attributes) throws IOException {
        FileTime modified = attributes.lastModifiedTime();
        FileTime changed = real.getFileSystem().supportedFileAttributeViews().contains("unix")
                ? (FileTime) Files.getAttribute(real, "unix:ctime", LinkOption.NOFOLLOW_LINKS)
                : modified;
        return new Present(real, attributes.size(), modified, changed, String.valueOf(attributes.fileKey()));
    }

    /** The names in a directory in alphabetical order, without those that begin with a dot. */
    static List<String> visible(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString())
                    .filter(name -> !name.startsWith("."))
                    .sorted()
                    .toList();
        } catch (java.io.UncheckedIOException wrapped) {
            throw wrapped.getCause();
        }
    }

    /** Whether the file changed so shortly before that a second change could bear the same time. */
    default boolean isRecentAt(Instant moment) {
        return switch (this) {
            case Present present -> present.changed().toInstant().plusSeconds(2).isAfter(moment);
            case Absent absent -> false;
            case Listing listing -> false;
        };
    }
}
