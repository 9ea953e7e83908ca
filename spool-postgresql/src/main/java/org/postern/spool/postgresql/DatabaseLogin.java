// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.postgresql;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import org.postern.spi.credential.Secret;

/**
 * What opens the database. The password is looked up for each new connection, so that one that was changed needs no reload.
 *
 * @param user the account; empty for the driver's own choice
 * @param file whose first line is the password, if it is in a file
 * @param variable of the environment that holds it, if it is there
 */
record DatabaseLogin(Optional<String> user, Optional<Path> file, Optional<String> variable) {

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
        try (Secret line = SecretFile.firstLine("Password_File", path)) {
            return line.reveal(octets -> new String(octets, StandardCharsets.UTF_8));
        } catch (IOException unreadable) {
            throw new SQLException(unreadable.getMessage(), unreadable);
        }
    }
}
