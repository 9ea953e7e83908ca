// SPDX-License-Identifier: Apache-2.0
package org.postern.core.queue;

import java.time.Duration;
import java.time.Instant;

/**
 * When a sender is told that a message is late: after an interval that doubles each time up to a limit.
 *
 * @param first until the first notice
 * @param most no interval is longer
 */
public record DelayNotices(Duration first, Duration most) {

    /** Whether a notice fell due in the time after {@code told}, up to {@code now}. */
    public boolean isDue(Instant received, Instant told, Instant now) {
        Duration interval = first.compareTo(most) < 0 ? first : most;
        Instant due = received.plus(interval);
        while (!due.isAfter(told)) {
            interval = interval.multipliedBy(2).compareTo(most) < 0 ? interval.multipliedBy(2) : most;
            due = due.plus(interval);
        }
        return !due.isAfter(now);
    }
}
