// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.credential;

import java.util.Objects;
import java.util.Optional;

/** What a store answers. */
public sealed interface Lookup {

    /**
     * The credential. The receiver closes what it is given.
     *
     * @param credential user and secret
     * @param next the credential that is to replace it and may be tried already, if there is one; see
     *     {@link RotatingCredentialStore}
     */
    record Found(Credential credential, Optional<Credential> next) implements Lookup {

        /** @throws NullPointerException if a part is missing */
        public Found {
            Objects.requireNonNull(credential, "credential");
            Objects.requireNonNull(next, "next");
        }

        /** The credential, and none that is to come. */
        public Found(Credential credential) {
            this(credential, Optional.empty());
        }

        /** Wipes both secrets. */
        public void close() {
            credential.close();
            next.ifPresent(Credential::close);
        }
    }

    /**
     * The store works and has no such credential.
     *
     * @param reason one line for people, without secrets
     */
    record NoSuchCredential(String reason) implements Lookup {

        /** @throws NullPointerException if there is no reason */
        public NoSuchCredential {
            Objects.requireNonNull(reason, "reason");
        }
    }

    /**
     * The store cannot say: it is sealed, unreachable or broken.
     *
     * @param reason one line for people, without secrets: what is wrong and what the operator can do
     */
    record StoreUnavailable(String reason) implements Lookup {

        /** @throws NullPointerException if there is no reason */
        public StoreUnavailable {
            Objects.requireNonNull(reason, "reason");
        }
    }
}
