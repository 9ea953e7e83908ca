// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.oauth;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** How long those who fail are left alone: longer and longer, up to a limit. */
final class Pauses {

    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final Duration LONGEST_WISH = Duration.ofHours(1);
    private static final Duration FIRST_RENEWAL = Duration.ofMinutes(1);
    private static final Duration LONGEST_RENEWAL = Duration.ofHours(1);

    private Pauses() {}

    /**
     * After a failure.
     *
     * @param failures in a row before it
     * @param wished what the other side wants, if it says so
     * @param random for accounts that fail together not to come back together
     */
    static Duration afterFailure(int failures, Optional<Duration> wished, RandomGenerator random) {
        Duration own = grown(FIRST, failures, LONGEST);
        Duration jittered = own.plus(Duration.ofMillis((long) (own.toMillis() * random.nextDouble() / 4)));
        Duration wish = atMost(wished.orElse(Duration.ZERO), LONGEST_WISH);
        return wish.compareTo(jittered) > 0 ? wish : jittered;
    }

    /** After a token that was fetched because a peer had refused one: a mailbox that may not send refuses every token. */
    static Duration afterRenewal(int renewals) {
        return grown(FIRST_RENEWAL, renewals, LONGEST_RENEWAL);
    }

    static Duration atMost(Duration length, Duration most) {
        return length.compareTo(most) > 0 ? most : length;
    }

    private static Duration grown(Duration first, int times, Duration most) {
        return atMost(first.multipliedBy(1L << Math.min(times, 16)), most);
    }
}
