// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.postern.spi.credential.CredentialRef;

/**
 * What stores are asked for one message.
 *
 * @param stores the names of those that are asked, in this order; empty means all of them by their ranking
 * @param ref what is wanted, with everything that is known of the message; each store is told what it wants of that
 * @param cacheTime how long an answer is used before the store is asked again
 * @param staleWhileError how long an answer is used while the store cannot say
 * @param since when this was asked first, if the message has waited for the answer: whatever a store has said since then, and
 *     not long ago, is one, however long answers are used
 */
public record StoreQuery(
        List<String> stores, CredentialRef ref, Duration cacheTime, Duration staleWhileError, Optional<Instant> since) {

    /** How long mail may take to come back for its answer. Its line may be at rest. */
    private static final Duration WAY_BACK = Duration.ofMinutes(1);

    /** @throws NullPointerException if a part is missing */
    public StoreQuery {
        stores = List.copyOf(stores);
        Objects.requireNonNull(ref, "ref");
        Objects.requireNonNull(cacheTime, "cacheTime");
        Objects.requireNonNull(staleWhileError, "staleWhileError");
        Objects.requireNonNull(since, "since");
    }

    /** Asked for the first time. */
    public StoreQuery(List<String> stores, CredentialRef ref, Duration cacheTime, Duration staleWhileError) {
        this(stores, ref, cacheTime, staleWhileError, Optional.empty());
    }

    /** Whether what a store said then is what this has waited for. */
    boolean isAnsweredAt(Instant when, Instant now) {
        return since.filter(asked -> !when.isBefore(asked) && now.isBefore(when.plus(WAY_BACK)))
                .isPresent();
    }
}
