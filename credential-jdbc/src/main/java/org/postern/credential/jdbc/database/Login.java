// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.jdbc.database;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.postern.spi.credential.Secret;

/**
 * What opens a database.
 *
 * @param user the account; empty for the driver's own choice
 * @param password its password; empty for none
 */
public record Login(Optional<String> user, Optional<Secret> password) implements AutoCloseable {

    /** Nothing is needed. */
    public static final Login NONE = new Login(Optional.empty(), Optional.empty());

    /** Where logins come from; asked for each new connection, so that a rotated password needs no reload. */
    public interface Source {

        /** @throws DatabaseException if there is none; the text says why */
        Login login() throws DatabaseException;
    }

    /** The password as drivers want it, which nobody can wipe. */
    String passwordText() {
        return password.map(secret -> secret.reveal(octets -> new String(octets, StandardCharsets.UTF_8)))
                .orElse("");
    }

    @Override
    public void close() {
        password.ifPresent(Secret::close);
    }
}
