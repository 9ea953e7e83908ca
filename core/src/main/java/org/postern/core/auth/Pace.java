// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Lets something be said about each of a few subjects once in a while and not over and over. */
final class Pace {

    private final Clock clock;
    private final Duration pause;
    private final Map<String, Instant> next = new ConcurrentHashMap<>();

    Pace(Clock clock, Duration pause) {
        this.clock = clock;
        this.pause = pause;
    }

    /** Whether it is time; if so, the next time is a pause later. */
    boolean isDue(String subject) {
        Instant now = clock.instant();
        boolean[] due = new boolean[1];
        next.compute(subject, (same, until) -> {
            due[0] = until == null || !now.isBefore(until);
            return due[0] ? now.plus(pause) : until;
        });
        return due[0];
    }
}
