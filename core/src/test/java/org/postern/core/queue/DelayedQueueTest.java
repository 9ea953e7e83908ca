// SPDX-License-Identifier: Apache-2.0
package org.postern.core.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.postern.core.TestClock;
import org.postern.spi.mail.MessageId;

class DelayedQueueTest {

    private final TestClock clock = new TestClock();
    private final List<MessageId> released = new ArrayList<>();
    private final DelayedQueue queue =
            new DelayedQueue(clock, message -> released.add(message.message().id()));
    private final QueuedMessage first = Messages.queued(Messages.to("m1", "a@one.example"));
    private final QueuedMessage second = Messages.queued(Messages.to("m2", "b@one.example"));

    private static MessageId id(QueuedMessage message) {
        return message.message().id();
    }

    @Test
    void releasesInTheOrderOfTime() {
        queue.delay(second, clock.instant().plusSeconds(20), "busy");
        queue.delay(first, clock.instant().plusSeconds(10), "busy");

        clock.pass(Duration.ofSeconds(10));
        queue.releaseDue();
        assertThat(released).containsExactly(id(first));

        clock.pass(Duration.ofSeconds(10));
        queue.releaseDue();
        assertThat(released).containsExactly(id(first), id(second));
    }

    @Test
    void keepsWhatIsNotDue() {
        queue.delay(first, clock.instant().plusMillis(1), "busy");
        queue.releaseDue();
        assertThat(released).isEmpty();
    }

    @Test
    void releasesHeldMailAtOnceAndLeavesDelayedMailAlone() {
        queue.delay(first, clock.instant().plusSeconds(10), "busy");
        queue.hold(second, Duration.ofMinutes(1), "no password", queue.releases());

        queue.releaseHeld();

        assertThat(released).containsExactly(id(second));
    }

    @Test
    void looksAtHeldMailAgainAfterAWhile() {
        queue.hold(first, Duration.ofMinutes(1), "no password", queue.releases());
        clock.pass(Duration.ofSeconds(60));
        queue.releaseDue();
        assertThat(released).containsExactly(id(first));
    }

    @Test
    void doesNotHoldMailWhoseAttemptBeganBeforeTheLastRelease() {
        long before = queue.releases();
        queue.releaseHeld();
        queue.hold(first, Duration.ofMinutes(1), "no password", before);
        assertThat(released).containsExactly(id(first));
    }

    @Test
    void releasesEachMessageOnce() {
        queue.hold(first, Duration.ofMinutes(1), "no password", queue.releases());
        queue.releaseHeld();
        clock.pass(Duration.ofSeconds(60));
        queue.releaseDue();
        queue.releaseHeld();
        assertThat(released).containsExactly(id(first));
    }

    @Test
    void releasesEverythingWhenTheClockJumpsForward() {
        queue.delay(first, clock.instant().plusSeconds(10), "busy");
        queue.delay(second, clock.instant().plus(Duration.ofDays(3)), "busy");
        clock.pass(Duration.ofDays(3650));
        queue.releaseDue();
        assertThat(released).containsExactly(id(first), id(second));
    }

    @Test
    void sumsUpByQueue() {
        queue.delay(first, clock.instant().plusSeconds(10), "greylisted");
        queue.hold(second, Duration.ofMinutes(1), "no password", queue.releases());

        DelayedQueue.Summary summary = queue.summaries().get(first.key());

        assertThat(summary.delayed()).isEqualTo(1);
        assertThat(summary.held()).isEqualTo(1);
        assertThat(summary.nextDue()).contains(clock.instant().plusSeconds(10));
        assertThat(summary.reason()).contains("greylisted");
    }
}
