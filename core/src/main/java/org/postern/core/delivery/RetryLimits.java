// SPDX-License-Identifier: Apache-2.0
package org.postern.core.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalInt;
import org.postern.core.queue.QueuedMessage;
import org.postern.core.scope.OutboundSettings;
import org.postern.core.scope.Resolution;

/**
 * How long and how often delivery is tried.
 *
 * @param expiration how old a message may become
 * @param retries attempts after the first; nothing where only time counts
 */
record RetryLimits(Duration expiration, OptionalInt retries) {

    static RetryLimits of(Resolution options) {
        return options.derived(RetryLimits.class, RetryLimits::read);
    }

    private static RetryLimits read(Resolution options) {
        OptionalInt retries = options.get(OutboundSettings.NEVER_RETRY).orThrow()
                ? OptionalInt.of(0)
                : retries(options.get(OutboundSettings.MAX_RETRIES).orThrow());
        return new RetryLimits(options.get(OutboundSettings.MESSAGE_EXPIRATION).orThrow(), retries);
    }

    private static OptionalInt retries(String written) {
        return Character.isDigit(written.charAt(0)) ? OptionalInt.of(Integer.parseInt(written)) : OptionalInt.empty();
    }

    boolean isExpired(QueuedMessage message, Instant now) {
        return message.age(now).compareTo(expiration) >= 0;
    }

    /** Whether the attempt that is under way is the last one. */
    boolean isSpent(QueuedMessage message) {
        return retries.isPresent() && message.attempts() >= retries.getAsInt();
    }
}
