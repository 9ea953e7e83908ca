// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.outside;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;

/**
 * The folders whose files scripts may read. A link inside one that leads out of all of them is not followed.
 *
 * @param folders absolute or from the working directory; relative names start from the first
 */
public record ReadableFolders(List<Path> folders) {

    /** Octets that a file may have. */
    static final int MOST_OCTETS = 1024 * 1024;

    private static final String FILE_SCHEME = "file://";

    /** Copies the list. */
    public ReadableFolders {
        folders = List.copyOf(folders);
    }

    /**
     * The whole content of a file.
     *
     * @param name a path, or a {@code file:} URI with one
     * @throws IOException if it is not there, not allowed or too large; the message says which
     */
    byte[] read(String name) throws IOException {
        Path file = allowed(name.startsWith(FILE_SCHEME) ? name.substring(FILE_SCHEME.length()) : name);
        try (InputStream stream = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            byte[] content = stream.readNBytes(MOST_OCTETS + 1);
            if (content.length > MOST_OCTETS) {
                throw new IOException(name + " is larger than " + MOST_OCTETS + " octets");
            }
            return content;
        }
    }

    private Path allowed(String name) throws IOException {
        if (folders.isEmpty()) {
            throw new IOException("there is no folder that scripts may read");
        }
        Path file;
        try {
            file = folders.getFirst().resolve(name).toRealPath();
        } catch (InvalidPathException | IOException absent) {
            // One answer for what is not there and what may not be seen: scripts cannot explore the disk.
            throw new IOException(name + " cannot be read");
        }
        if (folders.stream().noneMatch(folder -> contains(folder, file)) || !Files.isRegularFile(file)) {
            throw new IOException(name + " cannot be read");
        }
        return file;
    }

    private static boolean contains(Path folder, Path file) {
        try {
            return file.startsWith(folder.toRealPath());
        } catch (IOException absent) {
            return false;
        }
    }
}
