// SPDX-License-Identifier: Apache-2.0
package org.postern.core.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class RetryScheduleTest {

    private static final Duration FIRST = Duration.ofMinutes(20);
    private static final Duration MOST = Duration.ofHours(12);

    private final RetrySchedule exact = new RetrySchedule(always(0.5));

    private static RandomGenerator always(double value) {
        return new Random(0) {
            private static final long serialVersionUID = 1L;

            @Override
            public double nextDouble() {
                return value;
            }
        };
    }

    @Test
    void doublesWithEachAttempt() {
        assertThat(exact.delay(1, FIRST, MOST)).isEqualTo(Duration.ofMinutes(20));
        assertThat(exact.delay(2, FIRST, MOST)).isEqualTo(Duration.ofMinutes(40));
        assertThat(exact.delay(5, FIRST, MOST)).isEqualTo(Duration.ofMinutes(320));
    }

    @Test
    void stopsGrowingAtTheLimit() {
        assertThat(exact.delay(7, FIRST, MOST)).isEqualTo(MOST);
        assertThat(exact.delay(Integer.MAX_VALUE, FIRST, MOST)).isEqualTo(MOST);
    }

    @Test
    void spreadsByATenthEitherWay() {
        assertThat(new RetrySchedule(always(0)).delay(1, FIRST, MOST)).isEqualTo(Duration.ofMinutes(18));
        assertThat(new RetrySchedule(always(1)).delay(1, FIRST, MOST)).isEqualTo(Duration.ofMinutes(22));
    }

    @Test
    void takesALimitBelowTheFirstInterval() {
        assertThat(exact.delay(1, FIRST, Duration.ofMinutes(5))).isEqualTo(Duration.ofMinutes(5));
    }
}
