// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import java.util.Objects;
import org.postern.spi.credential.AuthIdentity;
import org.postern.spi.credential.Credential;

/** Whether there is a credential for a message. */
public sealed interface CredentialResult {

    /**
     * There is. The receiver closes the credential.
     *
     * @param identity as whom: part of the key of sessions
     * @param credential user and secret
     */
    record Ready(AuthIdentity identity, Credential credential) implements CredentialResult {

        /** @throws NullPointerException if a part is missing */
        public Ready {
            Objects.requireNonNull(identity, "identity");
            Objects.requireNonNull(credential, "credential");
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
