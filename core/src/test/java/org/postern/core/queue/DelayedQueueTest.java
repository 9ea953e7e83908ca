// SPDX-License-Identifier: Apache-2.0
package org.postern.core.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DelayedQueueTest {

    private Instant now = Messages.RECEIVED;
    private final List<QueuedMessage> released = new ArrayList<>();
    private final DelayedQueue queue = new DelayedQueue(new TestClock(), released::add);
    private final QueuedMessage first = Messages.queued(Messages.to("m1", "a@one.example"));
    private final QueuedMessage second = Messages.queued(Messages.to("m2", "b@one.example"));

    private final class TestClock extends Clock {

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    @Test
    void releasesInTheOrderOfTime() {
        queue.delay(second, now.plusSeconds(20), "busy");
        queue.delay(first, now.plusSeconds(10), "busy");

        now = now.plusSeconds(10);
        queue.releaseDue();
        assertThat(released).containsExactly(first);

        now = now.plusSeconds(10);
        queue.releaseDue();
        assertThat(released).containsExactly(first, second);
    }

    @Test
    void keepsWhatIsNotDue() {
        queue.delay(first, now.plusMillis(1), "busy");
        queue.releaseDue();
        assertThat(released).isEmpty();
    }

    @Test
    void releasesHeldMailAtOnceAndLeavesDelayedMailAlone() {
        queue.delay(first, now.plusSeconds(10), "busy");
        queue.hold(second, Duration.ofMinutes(1), "no password");

        queue.releaseHeld();

        assertThat(released).containsExactly(second);
    }

    @Test
    void looksAtHeldMailAgainAfterAWhile() {
        queue.hold(first, Duration.ofMinutes(1), "no password");
        now = now.plusSeconds(60);
        queue.releaseDue();
        assertThat(released).containsExactly(first);
    }

    @Test
    void releasesEachMessageOnce() {
        queue.hold(first, Duration.ofMinutes(1), "no password");
        queue.releaseHeld();
        now = now.plusSeconds(60);
        queue.releaseDue();
        queue.releaseHeld();
        assertThat(released).containsExactly(first);
    }

    @Test
    void releasesEverythingWhenTheClockJumpsForward() {
        queue.delay(first, now.plusSeconds(10), "busy");
        queue.delay(second, now.plus(Duration.ofDays(3)), "busy");
        now = now.plus(Duration.ofDays(3650));
        queue.releaseDue();
        assertThat(released).containsExactly(first, second);
    }

    @Test
    void sumsUpByQueue() {
        queue.delay(first, now.plusSeconds(10), "greylisted");
        queue.hold(second, Duration.ofMinutes(1), "no password");

        DelayedQueue.Summary summary = queue.summaries().get(first.key());

        assertThat(summary.delayed()).isEqualTo(1);
        assertThat(summary.held()).isEqualTo(1);
        assertThat(summary.nextDue()).contains(now.plusSeconds(10));
        assertThat(summary.reason()).contains("greylisted");
    }
}
