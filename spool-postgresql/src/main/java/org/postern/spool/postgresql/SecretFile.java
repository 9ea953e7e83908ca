// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.postgresql;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.Set;
import org.postern.spi.credential.Secret;

/** A file whose first line is a secret. */
final class SecretFile {

    private static final int LONGEST = 64 * 1024;

    private SecretFile() {}

    /**
     * The first line, without its end.
     *
     * @param setting that names the file, for errors
     * @throws IOException with one line for people
     */
    static Secret firstLine(String setting, Path path) throws IOException {
        byte[] octets = new byte[0];
        try {
            if (isOpenToAll(path)) {
                throw new OpenToAll(setting + " " + path + " is open to all accounts: chmod o= " + path);
            }
            try (InputStream in = Files.newInputStream(path)) {
                octets = in.readNBytes(LONGEST);
            }
            byte[] line = Arrays.copyOf(octets, lineEnd(octets));
            try {
                return Secret.copyOf(line);
            } finally {
                Arrays.fill(line, (byte) 0);
            }
        } catch (OpenToAll open) {
            throw open;
        } catch (IOException unreadable) {
            throw new IOException(setting + " " + path + " cannot be read: "
                    + unreadable.getClass().getSimpleName());
        } finally {
            Arrays.fill(octets, (byte) 0);
        }
    }

    private static final class OpenToAll extends IOException {
        private static final long serialVersionUID = 1L;

        OpenToAll(String message) {
            super(message);
        }
    }

    private static int lineEnd(byte[] octets) {
        int end = 0;
        while (end < octets.length && octets[end] != '\r' && octets[end] != '\n') {
            end++;
        }
        return end;
    }

    private static boolean isOpenToAll(Path path) throws IOException {
        if (!Files.getFileStore(path).supportsFileAttributeView("posix")) {
            return false;
        }
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path);
        return permissions.contains(PosixFilePermission.OTHERS_READ)
                || permissions.contains(PosixFilePermission.OTHERS_WRITE);
    }
}
