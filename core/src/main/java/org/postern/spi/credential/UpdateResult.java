// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.credential;

import java.util.Objects;

/** What became of a {@link CredentialUpdate}. */
public sealed interface UpdateResult {

    /**
     * It is written, durably.
     *
     * @param version the state that the credential is in now
     */
    record Updated(CredentialVersion version) implements UpdateResult {

        /** @throws NullPointerException if there is no version */
        public Updated {
            Objects.requireNonNull(version, "version");
        }
    }

    /**
     * Nothing was written, because the store holds another version than the one expected, or no longer any.
     *
     * @param reason one line for people, without secrets
     */
    record Superseded(String reason) implements UpdateResult {

        /** @throws NullPointerException if there is no reason */
        public Superseded {
            Objects.requireNonNull(reason, "reason");
        }
    }

    /**
     * Nothing was written: the store cannot be written to, or not now.
     *
     * @param reason one line for people, without secrets: what is wrong and what the operator can do
     */
    record NotUpdated(String reason) implements UpdateResult {

        /** @throws NullPointerException if there is no reason */
        public NotUpdated {
            Objects.requireNonNull(reason, "reason");
        }
    }
}
