// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.hashicorp.protocol;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Pauses that grow: twice as long after each failure, up to a bound, and each a little longer by chance, so that those
 * who failed together do not come back together.
 *
 * @param first the first pause
 * @param longest the bound, chance included
 */
public record Backoff(Duration first, Duration longest) {

    /** For a server, or a secret, that could not be read and may be back in a moment. */
    public static final Backoff SHORT = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(15));

    /** For what somebody has to put right. */
    public static final Backoff LONG = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(5));

    private static final int MOST_DOUBLINGS = 16;

    /** @param failures how many there were before this one */
    public Duration after(int failures, RandomGenerator random) {
        Duration grown = first.multipliedBy(1L << Math.min(failures, MOST_DOUBLINGS));
        Duration jittered = grown.plus(Duration.ofMillis((long) (grown.toMillis() * random.nextDouble() / 4)));
        return jittered.compareTo(longest) > 0 ? longest : jittered;
    }
}
