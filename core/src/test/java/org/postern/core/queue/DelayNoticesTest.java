// SPDX-License-Identifier: Apache-2.0
package org.postern.core.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DelayNoticesTest {

    private static final Instant RECEIVED = Instant.parse("2026-01-01T00:00:00Z");

    private static List<Long> hoursOfNotices(DelayNotices notices, int hours) {
        List<Long> told = new ArrayList<>();
        Instant last = RECEIVED;
        for (long hour = 0; hour <= hours; hour++) {
            Instant now = RECEIVED.plus(Duration.ofHours(hour));
            if (notices.isDue(RECEIVED, last, now)) {
                told.add(hour);
                last = now;
            }
        }
        return told;
    }

    @Test
    void doublesTheTimeBetweenNoticesUpToTheLimit() {
        DelayNotices notices = new DelayNotices(Duration.ofHours(1), Duration.ofHours(6));
        assertThat(hoursOfNotices(notices, 30)).containsExactly(1L, 3L, 7L, 13L, 19L, 25L);
    }

    @Test
    void takesALimitBelowTheFirstIntervalForTheInterval() {
        DelayNotices notices = new DelayNotices(Duration.ofHours(9), Duration.ofHours(2));
        assertThat(hoursOfNotices(notices, 7)).containsExactly(2L, 4L, 6L);
    }

    @Test
    void isDueOnceHoweverLateItIsAsked() {
        DelayNotices notices = new DelayNotices(Duration.ofHours(1), Duration.ofHours(1));
        Instant late = RECEIVED.plus(Duration.ofDays(3));
        assertThat(notices.isDue(RECEIVED, RECEIVED, late)).isTrue();
        assertThat(notices.isDue(RECEIVED, late, late)).isFalse();
    }
}
