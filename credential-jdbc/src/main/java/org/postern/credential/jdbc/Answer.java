// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.jdbc;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.postern.spi.credential.Octets;
import org.postern.spi.credential.Secret;

/** What the query for one account answered. */
sealed interface Answer {

    /**
     * A password and a mark that is the same for the same user and password.
     *
     * @param secret the caller's to close
     * @param print a keyed hash of user and password; the key never leaves the reader
     */
    record Marked(Secret secret, Octets print) {}

    /**
     * One row.
     *
     * @param user empty where the row has none
     * @param current the password
     * @param next the password that is to replace it
     * @param mechanism that the account asks for
     * @param hosts that the password may be shown to; empty means no such limit
     * @param version what the table counts by
     * @param since when the password was set
     * @param expires when it ends
     */
    record Account(
            String user,
            Marked current,
            Optional<Marked> next,
            Optional<String> mechanism,
            Set<String> hosts,
            Optional<String> version,
            Optional<Instant> since,
            Optional<Instant> expires)
            implements Answer, AutoCloseable {

        /** Wipes the passwords. */
        @Override
        public void close() {
            current.secret().close();
            next.ifPresent(coming -> coming.secret().close());
        }
    }

    /** No row. */
    record NoRow() implements Answer {}

    /**
     * No account can be made of what came.
     *
     * @param reason for people, in words that follow the key
     */
    record Useless(String reason) implements Answer {}
}
