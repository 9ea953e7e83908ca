// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.hashicorp;

import java.time.Duration;
import java.util.Optional;

/** What came of reading a secret. Reasons are one line for people, without secrets, and name the path. */
public sealed interface SecretAnswer {

    /**
     * It is there.
     *
     * @param lease what has to be done to keep it; nothing for a secret that does not end by itself
     */
    record Present(SecretFields fields, Optional<Lease> lease) implements SecretAnswer {}

    /** The server works and has no such secret. */
    record Absent(String reason) implements SecretAnswer {}

    /** The server works and does not give it to us: somebody has to put a policy right. */
    record Denied(String reason) implements SecretAnswer {}

    /** It could not be read this time. */
    record Failed(String reason) implements SecretAnswer {}

    /** Nothing can be read now, and something else finds out when it can. */
    record Unavailable(String reason) implements SecretAnswer {}

    /**
     * A secret that the server made for us and takes back.
     *
     * @param id what the server calls it; for whoever holds the token, so not for the log
     * @param life how long from now on
     */
    record Lease(String id, Duration life, boolean renewable) {

        /** Without the identifier. */
        @Override
        public String toString() {
            return "Lease[" + life + "]";
        }
    }
}
