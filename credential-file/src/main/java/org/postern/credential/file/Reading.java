// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.file;

import java.util.Optional;
import java.util.Set;

/** What reading the files of a secret gave. Two readings with the same content are equal. */
sealed interface Reading {

    /**
     * A secret.
     *
     * @param current what is to be used
     * @param next what is to replace it
     * @param mechanism that the secret asks for
     * @param hosts that it may be shown to; empty means no such limit
     */
    record Present(Material current, Optional<Material> next, Optional<String> mechanism, Set<String> hosts)
            implements Reading {}

    /**
     * There is none.
     *
     * @param reason for people
     */
    record Absent(String reason) implements Reading {}

    /**
     * There is one that cannot be used.
     *
     * @param reason for people
     */
    record Unusable(String reason) implements Reading {}
}
