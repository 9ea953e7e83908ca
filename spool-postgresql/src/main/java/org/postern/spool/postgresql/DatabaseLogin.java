// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.postgresql;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What opens the database. The password is looked up for each new connection, so that one that was changed needs no reload.
 *
 * @param user the account; empty for the driver's own choice
 * @param file whose first line is the password, if it is in a file
 * @param variable of the environment that holds it, if it is there
 */
record DatabaseLogin(Optional<String> user, Optional<Path> file, Optional<String> variable) {

    private static final int LONGEST = 64 * 1024;

    /** As drivers want it, which nobody can wipe; empty for none. */
    String password(Map<String, String> environment) throws SQLException {
        if (file.isPresent()) {
            return fromFile(file.get());
        }
        if (variable.isEmpty()) {
            return "";
        }
        String value = environment.getOrDefault(variable.get(), "");
        if (value.isEmpty()) {
            throw new SQLException("Password_Env: the environment variable " + variable.get() + " is not set");
        }
        return value;
    }

    private static String fromFile(Path path) throws SQLException {
        byte[] octets = new byte[0];
        try {
            if (isOpenToAll(path)) {
                throw new SQLException("Password_File " + path + " is open to all accounts: chmod o= " + path);
            }
            try (InputStream in = Files.newInputStream(path)) {
                octets = in.readNBytes(LONGEST);
            }
            String text = new String(octets, StandardCharsets.UTF_8);
            return text.lines().findFirst().orElse("");
        } catch (IOException unreadable) {
            throw new SQLException("Password_File " + path + " cannot be read: "
                    + unreadable.getClass().getSimpleName());
        } finally {
            Arrays.fill(octets, (byte) 0);
        }
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
