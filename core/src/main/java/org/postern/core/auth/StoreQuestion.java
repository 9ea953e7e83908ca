// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import java.util.Locale;
import java.util.Objects;
import org.postern.spi.credential.CredentialRef;

/**
 * What one store is asked for: where a credential is kept.
 *
 * @param store the name of the store, in lower case
 * @param ref with what the store wants to know and no more
 */
public record StoreQuestion(String store, CredentialRef ref) {

    /** @throws NullPointerException if a part is missing */
    public StoreQuestion {
        store = store.toLowerCase(Locale.ROOT);
        Objects.requireNonNull(ref, "ref");
    }

    /** As identities, logs and audits name it. */
    public String reference() {
        return store.replace(':', ' ') + ":" + ref;
    }
}
