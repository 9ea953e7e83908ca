// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import java.util.Objects;
import org.postern.spi.credential.Credential;

/** What the installed stores answer together. */
public sealed interface StoreAnswer {

    /**
     * One has it. The receiver closes the credential, which is its own.
     *
     * @param credential user and secret
     * @param store the name of the store
     */
    record Found(Credential credential, String store) implements StoreAnswer {

        /** @throws NullPointerException if a part is missing */
        public Found {
            Objects.requireNonNull(credential, "credential");
            Objects.requireNonNull(store, "store");
        }
    }

    /**
     * All stores answered, and none has it.
     *
     * @param reason one line for people
     */
    record Missing(String reason) implements StoreAnswer {}

    /**
     * None that answered has it, and at least one could not answer; or there is no store.
     *
     * @param reason one line for people
     */
    record Unavailable(String reason) implements StoreAnswer {}
}
