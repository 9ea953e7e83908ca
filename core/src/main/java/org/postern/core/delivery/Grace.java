// SPDX-License-Identifier: Apache-2.0
package org.postern.core.delivery;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * How long to wait for a plug-in that has just gone away, because it is most likely being replaced, or that is just being
 * told of a configuration.
 *
 * <p>Threading: safe for many threads.
 */
@Singleton
public final class Grace {

    private static final Duration LENGTH = Duration.ofSeconds(5);

    private final Clock clock;
    private volatile Instant lastDeparture = Instant.MIN;

    /** There is nothing to wait for yet. */
    @Inject
    public Grace(Clock clock) {
        this.clock = clock;
    }

    /** A plug-in goes away now, or is yet to act by the configuration that is in force from now on. */
    public void departed() {
        lastDeparture = clock.instant();
    }

    /** What is left of the wait; zero or less if there is nothing to wait for. */
    Duration left() {
        return lastDeparture.equals(Instant.MIN)
                ? Duration.ZERO
                : Duration.between(clock.instant(), lastDeparture.plus(LENGTH));
    }
}
