// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.credential;

import java.util.Objects;

/** What a store answers. */
public sealed interface Lookup {

    /**
     * The credential. The receiver closes it.
     *
     * @param credential user and secret
     */
    record Found(Credential credential) implements Lookup {

        /** @throws NullPointerException if there is no credential */
        public Found {
            Objects.requireNonNull(credential, "credential");
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
