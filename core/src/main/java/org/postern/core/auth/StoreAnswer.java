// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import java.util.Objects;
import java.util.Optional;
import org.postern.spi.credential.Credential;
import org.postern.spi.credential.CredentialRef;

/** What a store answers, or the installed stores together. */
public sealed interface StoreAnswer {

    /**
     * One has it. The receiver closes the credentials, which are its own.
     *
     * @param credential user and secret
     * @param next the credential that is to replace it, if there is one
     * @param store the name of the store
     * @param ref what the store was asked for, without what it does not want to know
     */
    record Found(Credential credential, Optional<Credential> next, String store, CredentialRef ref)
            implements StoreAnswer {

        /** @throws NullPointerException if a part is missing */
        public Found {
            Objects.requireNonNull(credential, "credential");
            Objects.requireNonNull(next, "next");
            Objects.requireNonNull(store, "store");
            Objects.requireNonNull(ref, "ref");
        }

        /** What the store was asked. */
        StoreQuestion question() {
            return new StoreQuestion(store, ref);
        }

        /** Wipes both secrets. */
        void close() {
            credential.close();
            next.ifPresent(Credential::close);
        }
    }

    /** There is no credential to use, for one reason or another. */
    sealed interface Nothing extends StoreAnswer {

        /** One line for people. */
        String reason();
    }

    /**
     * One has it, and it can be of no use; no other store is asked then.
     *
     * @param reason one line for people
     */
    record Unusable(String reason) implements Nothing {}

    /**
     * All stores answered, and none has it.
     *
     * @param reason one line for people
     */
    record Missing(String reason) implements Nothing {}

    /**
     * None that answered has it, and at least one could not answer; or there is no store.
     *
     * @param reason one line for people
     */
    record Unavailable(String reason) implements Nothing {}
}
