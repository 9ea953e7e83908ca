// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.datasource;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.postern.spi.credential.Secret;

/**
 * What opens a database.
 *
 * @param user the account; empty for the driver's own choice
 * @param password its password; empty for none
 */
record Login(Optional<String> user, Optional<Secret> password) {

    /** Where logins come from; asked for each new connection, so that a rotated password is noticed. */
    interface Source {

        /** @throws DatasourceException if there is none; the text says why */
        Login login() throws DatasourceException;
    }

    /** The password as drivers want it, which nobody can wipe. */
    String passwordText() {
        return password.map(secret -> secret.reveal(octets -> new String(octets, StandardCharsets.UTF_8)))
                .orElse("");
    }
}
