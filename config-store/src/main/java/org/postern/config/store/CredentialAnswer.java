// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store;

import java.time.Instant;
import java.util.Optional;

/** What stores say about a credential; the secret is never part of it. Texts are one line without control characters. */
sealed interface CredentialAnswer {

    /**
     * A store has it.
     *
     * @param store which
     * @param user of the credential, perhaps empty
     * @param version the state that it is in
     * @param expiry when it ends, if the store tells
     */
    record Found(String store, String user, String version, Optional<Instant> expiry) implements CredentialAnswer {}

    /**
     * Every store works, and none has it.
     *
     * @param reason what the stores say
     */
    record Missing(String reason) implements CredentialAnswer {}

    /**
     * None has it, and not every one could say.
     *
     * @param reason what those say that could not
     */
    record Unavailable(String reason) implements CredentialAnswer {}
}
