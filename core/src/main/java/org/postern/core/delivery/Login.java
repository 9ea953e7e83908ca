// SPDX-License-Identifier: Apache-2.0
package org.postern.core.delivery;

import java.util.Optional;
import org.postern.core.auth.AuthPlan;
import org.postern.core.auth.CredentialRequest;
import org.postern.core.auth.CredentialResult;
import org.postern.spi.credential.AuthIdentity;
import org.postern.spi.credential.Credential;

/**
 * As whom a message has to go out. A session without exactly this identity is never used for it.
 */
sealed interface Login extends AutoCloseable {

    /** Part of the key of sessions; empty for nobody. */
    Optional<AuthIdentity> identity();

    @Override
    void close();

    /** Nothing asked for authentication. */
    record Nobody() implements Login {

        @Override
        public Optional<AuthIdentity> identity() {
            return Optional.empty();
        }

        @Override
        public void close() {}
    }

    /**
     * As this identity, with this credential.
     *
     * @param plan how
     * @param request what the stores were asked
     * @param ready as whom and with what
     */
    record As(AuthPlan.Authenticate plan, CredentialRequest request, CredentialResult.Ready ready) implements Login {

        @Override
        public Optional<AuthIdentity> identity() {
            return Optional.of(ready.identity());
        }

        Credential credential() {
            return ready.credential();
        }

        @Override
        public void close() {
            ready.close();
        }
    }
}
