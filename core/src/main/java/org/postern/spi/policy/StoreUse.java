// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.policy;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How credential stores come in where one message is authenticated.
 *
 * @param user where the user is kept, if it is not written itself
 * @param password where the password is kept, if it is not written itself
 * @param order the names of the stores that a key is asked of; empty means all of them by their ranking
 * @param cacheTime how long an answer is used before the store is asked again
 * @param staleWhileError how long an answer is used while the store cannot say
 * @param canaryShare how many of a hundred messages try a coming credential that has not been accepted yet
 */
public record StoreUse(
        Optional<StoreReference> user,
        Optional<StoreReference> password,
        List<String> order,
        Duration cacheTime,
        Duration staleWhileError,
        int canaryShare) {

    /** No references, and the defaults of the options. */
    public static final StoreUse DEFAULT = new StoreUse(
            Optional.empty(),
            Optional.empty(),
            List.of(),
            OutboundAuthSettings.CACHE_TIME.defaultValue().orElseThrow(),
            OutboundAuthSettings.STALE_WHILE_ERROR.defaultValue().orElseThrow(),
            OutboundAuthSettings.CANARY_SHARE.defaultValue().orElseThrow().intValue());

    /** @throws NullPointerException if a part is missing */
    public StoreUse {
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(password, "password");
        order = List.copyOf(order);
        Objects.requireNonNull(cacheTime, "cacheTime");
        Objects.requireNonNull(staleWhileError, "staleWhileError");
    }

    /** With these references in place of those. */
    public StoreUse naming(Optional<StoreReference> userKept, Optional<StoreReference> passwordKept) {
        return new StoreUse(userKept, passwordKept, order, cacheTime, staleWhileError, canaryShare);
    }
}
