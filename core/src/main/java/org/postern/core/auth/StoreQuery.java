// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.postern.spi.credential.CredentialRef;

/**
 * What stores are asked for one message.
 *
 * @param stores the names of those that are asked, in this order; empty means all of them by their ranking
 * @param ref what is wanted, with everything that is known of the message; each store is told what it wants of that
 * @param cacheTime how long an answer is used before the store is asked again
 * @param staleWhileError how long an answer is used while the store cannot say
 */
public record StoreQuery(List<String> stores, CredentialRef ref, Duration cacheTime, Duration staleWhileError) {

    /** @throws NullPointerException if a part is missing */
    public StoreQuery {
        stores = List.copyOf(stores);
        Objects.requireNonNull(ref, "ref");
        Objects.requireNonNull(cacheTime, "cacheTime");
        Objects.requireNonNull(staleWhileError, "staleWhileError");
    }
}
