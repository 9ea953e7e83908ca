// SPDX-License-Identifier: Apache-2.0
package org.postern.core.queue;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * When to try again (RFC 5321 section 4.5.4.1): the interval doubles with each attempt up to a limit, and is spread by a
 * tenth either way so that what failed together does not return together.
 */
public final class RetrySchedule {

    private static final double SPREAD = 0.1;
    private static final Duration QUICK = Duration.ofSeconds(10);

    private final RandomGenerator random;

    /** @param random spreads the intervals */
    public RetrySchedule(RandomGenerator random) {
        this.random = random;
    }

    /**
     * How long to wait.
     *
     * @param attempts attempts counted so far, at least 1
     * @param first the interval after the first attempt
     * @param most no interval is longer, but for the spread
     */
    public Duration delay(int attempts, Duration first, Duration most) {
        Duration delay = first;
        for (int i = 1; i < attempts && delay.compareTo(most) < 0; i++) {
            delay = delay.multipliedBy(2);
        }
        return spread(Math.min(delay.toMillis(), most.toMillis()));
    }

    /** How long to wait before the one attempt that may come at once, whatever the intervals. */
    public Duration quick() {
        return spread(QUICK.toMillis());
    }

    /** How long the longest wait can be. */
    public static Duration longest(Duration most) {
        return Duration.ofMillis(Math.round(most.toMillis() * (1 + SPREAD)));
    }

    private Duration spread(long millis) {
        return Duration.ofMillis(Math.round(millis * (1 - SPREAD + 2 * SPREAD * random.nextDouble())));
    }
}
