// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import java.util.Objects;
import java.util.Optional;
import org.postern.spi.credential.AuthIdentity;
import org.postern.spi.credential.Credential;

/** Whether there is a credential for a message. */
public sealed interface CredentialResult {

    /** What can be tried in place of a credential that a peer does not take. */
    enum Standing {
        /** It is to take the place of another, which still works most likely. */
        COMING,
        /** It is what the store holds now. */
        CURRENT,
        /** It was current before, and there is no further one. */
        BEFORE,
        /** It was asked anew of the store after another had been refused, and there is no further one. */
        RENEWED
    }

    /**
     * There is. The receiver closes it.
     *
     * @param identity as whom: part of the key of sessions
     * @param credential user and secret
     * @param standing which of the versions it is
     * @param trial whom to tell what the peer says, if that is to be found out
     * @param from where a store keeps it, if one does
     */
    record Ready(
            AuthIdentity identity,
            Credential credential,
            Standing standing,
            Optional<Trial> trial,
            Optional<StoreQuestion> from)
            implements CredentialResult {

        /** @throws NullPointerException if a part is missing */
        public Ready {
            Objects.requireNonNull(identity, "identity");
            Objects.requireNonNull(credential, "credential");
            Objects.requireNonNull(standing, "standing");
            Objects.requireNonNull(trial, "trial");
            Objects.requireNonNull(from, "from");
        }

        /** One that no store keeps. */
        public Ready(AuthIdentity identity, Credential credential) {
            this(identity, credential, Standing.CURRENT, Optional.empty(), Optional.empty());
        }

        /** The same, asked anew after another had been refused. */
        public Ready renewed() {
            return new Ready(identity, credential, Standing.RENEWED, trial, from);
        }

        /** Wipes the secret, and ends the trial where it has no result. */
        public void close() {
            credential.close();
            trial.ifPresent(Trial::close);
        }
    }

    /**
     * There is none: hold the mail, ask again at the breaker's pace and on changes.
     *
     * @param reason one line for people: store, key and where it is written
     */
    record Missing(String reason) implements CredentialResult {}

    /**
     * The stores cannot say: hold the mail.
     *
     * @param reason one line for people: store, key and where it is written
     */
    record Unavailable(String reason) implements CredentialResult {}
}
