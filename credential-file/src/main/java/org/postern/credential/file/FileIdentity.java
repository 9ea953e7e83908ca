// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the file system says of a file or folder, links followed. Two that are equal are most likely the same state of the
 * same file, but a clock may be too coarse to tell two writes apart.
 *
 * @param attributes everything
 */
record FileIdentity(Map<String, Object> attributes) {

    private static final String UNIX = "unix:ino,dev,size,lastModifiedTime,ctime,mode,uid,isRegularFile,isDirectory";
    private static final String ELSEWHERE = "size,lastModifiedTime,fileKey,isRegularFile,isDirectory";

    /**
     * Looks.
     *
     * @return nothing if there is nothing of that name
     * @throws IOException if it cannot be told
     */
    static Optional<FileIdentity> of(Path path) throws IOException {
        boolean unix = path.getFileSystem().supportedFileAttributeViews().contains("unix");
        try {
            return Optional.of(new FileIdentity(Files.readAttributes(path, unix ? UNIX : ELSEWHERE)));
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        } catch (IOException failed) {
            if (Files.isRegularFile(path.getParent())) {
                return Optional.empty();
            }
            throw failed;
        }
    }

    boolean isFile() {
        return Boolean.TRUE.equals(attributes.get("isRegularFile"));
    }

    boolean isFolder() {
        return Boolean.TRUE.equals(attributes.get("isDirectory"));
    }

    /** Octets. */
    long size() {
        return (Long) attributes.get("size");
    }

    /** When content, name or permissions changed last; nobody can set this back. */
    Instant changed() {
        Object changed = attributes.getOrDefault("ctime", attributes.get("lastModifiedTime"));
        return ((FileTime) changed).toInstant();
    }

    /** Kind and permissions as Unix has them. */
    OptionalInt mode() {
        return number("mode");
    }

    /** The account. */
    OptionalInt owner() {
        return number("uid");
    }

    private OptionalInt number(String name) {
        return attributes.get(name) instanceof Integer number ? OptionalInt.of(number) : OptionalInt.empty();
    }
}
