// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class WatchdogTest {

    private static final Duration MINUTES = Duration.ofMinutes(5);
    private static final Duration SECOND = Duration.ofSeconds(1);

    // Times of this kind may run over; the one that does so is a time like any other.
    private final AtomicLong time = new AtomicLong(Long.MAX_VALUE - SECOND.toNanos());
    private final Watchdog watchdog = new Watchdog(time::get);
    private final AtomicInteger cut = new AtomicInteger();

    private Deadline deadline() {
        return watchdog.over(cut::incrementAndGet);
    }

    private long lookAfter(Duration passed) {
        time.addAndGet(passed.toNanos());
        return watchdog.look();
    }

    private void lookEachSecondFor(Duration length) {
        for (Duration passed = Duration.ZERO; passed.compareTo(length) < 0; passed = passed.plus(SECOND)) {
            lookAfter(SECOND);
        }
    }

    @Test
    void whatTakesTooLongIsCutOnce() {
        Deadline deadline = deadline();
        deadline.arm(MINUTES);
        for (Duration passed = Duration.ZERO; passed.compareTo(MINUTES) < 0; passed = passed.plus(SECOND)) {
            lookAfter(SECOND.minusNanos(1));
            assertThat(deadline.isExpired()).as("after " + passed).isFalse();
            time.incrementAndGet();
        }
        lookAfter(SECOND);
        lookAfter(MINUTES);

        assertThat(deadline.isExpired()).isTrue();
        assertThat(cut).hasValue(1);
    }

    @Test
    void whatIsDueInAMomentIsNoticedInAMoment() {
        Deadline deadline = deadline();
        deadline.arm(MINUTES);
        lookAfter(SECOND);
        deadline.disarm();
        deadline.arm(Duration.ofMillis(10));

        assertThat(watchdog.look()).isBetween(0L, Duration.ofMillis(10).toNanos());
        lookAfter(Duration.ofMillis(11));

        assertThat(deadline.isExpired()).isTrue();
        assertThat(cut).hasValue(1);
    }

    @Test
    void whatIsArmedAgainInTimeIsNeverCut() {
        Deadline deadline = deadline();
        for (int step = 0; step < 1_000; step++) {
            deadline.arm(SECOND);
            lookAfter(SECOND.dividedBy(2));
            deadline.disarm();
            lookAfter(Duration.ofSeconds(7));
        }

        assertThat(deadline.isExpired()).isFalse();
        assertThat(cut).hasValue(0);
    }

    @Test
    void whatExpiredStaysExpired() {
        Deadline deadline = deadline();
        deadline.arm(SECOND);
        lookAfter(SECOND.multipliedBy(2));
        deadline.disarm();
        deadline.arm(MINUTES);

        assertThat(deadline.isExpired()).isTrue();
    }

    @Test
    void aClosedOneIsLeftAlone() {
        Deadline deadline = deadline();
        deadline.arm(SECOND);
        deadline.close();
        lookAfter(MINUTES);

        assertThat(cut).hasValue(0);
    }

    @Test
    void thousandsThatWaitForMinutesAreRarelyInItsWay() {
        for (int session = 0; session < 10_000; session++) {
            deadline().arm(MINUTES);
        }
        watchdog.look();

        assertThat(lookAfter(SECOND)).isGreaterThan(SECOND.toNanos());
        assertThat(cut).hasValue(0);
    }

    @Test
    void whatHasExistedForLongIsRarelyLookedAt() {
        WatchedDeadline deadline = (WatchedDeadline) deadline();
        deadline.arm(MINUTES.multipliedBy(2));
        Set<Long> looks = new HashSet<>();
        for (Duration passed = Duration.ZERO; passed.compareTo(MINUTES) < 0; passed = passed.plus(SECOND)) {
            lookAfter(SECOND);
            looks.add(deadline.look());
        }

        assertThat(looks).hasSizeBetween(6, 12);
    }

    @Test
    void thousandsThatCameOneAfterTheOtherAreLookedAtTogether() {
        for (int session = 0; session < 5_000; session++) {
            deadline().arm(MINUTES.multipliedBy(2));
            time.addAndGet(Duration.ofMillis(1).toNanos());
        }
        long begun = time.get();
        int looks = 0;
        for (long sleep = watchdog.look(); time.get() - begun < MINUTES.toNanos(); looks++) {
            sleep = lookAfter(Duration.ofNanos(sleep));
        }

        assertThat(looks).isLessThan(400);
        assertThat(cut).hasValue(0);
    }

    @Test
    void whatEndedIsRememberedForNoLongerThanItLived() {
        for (int life = 5; life < 200; life++) {
            WatchedDeadline deadline = (WatchedDeadline) deadline();
            deadline.arm(MINUTES);
            lookEachSecondFor(SECOND.multipliedBy(life));
            deadline.close();

            assertThat(Duration.ofNanos(deadline.look() - time.get()))
                    .as("after %d seconds", life)
                    .isBetween(Duration.ZERO, SECOND.multipliedBy(Math.min(life, 60)));
        }
    }

    @Test
    void aNewOneIsNoticedInTimeAmongThoseThatHaveExistedForLong() {
        deadline().arm(MINUTES.multipliedBy(3));
        lookEachSecondFor(MINUTES);
        Duration asleep = Duration.ofNanos(watchdog.look());
        Deadline fresh = deadline();
        fresh.arm(SECOND.multipliedBy(7));
        Duration more = Duration.ofNanos(lookAfter(asleep));
        assertThat(cut).hasValue(0);
        lookAfter(more);

        assertThat(asleep.plus(more)).isLessThanOrEqualTo(SECOND.multipliedBy(7));
        lookAfter(SECOND.multipliedBy(7).minus(asleep).minus(more));
        assertThat(fresh.isExpired()).isTrue();
    }

    @Test
    void theEndCutsEveryoneAndWhoeverComesAfterIt() {
        deadline();
        deadline().arm(MINUTES);
        watchdog.close();
        assertThat(cut).hasValue(2);
        deadline();
        assertThat(cut).hasValue(3);
    }

    @Test
    void aPauseLeavesASecondOrHalfOfWhatIsLeft() {
        assertThat(Deadline.mayPass(MINUTES.toNanos()))
                .isEqualTo(MINUTES.minus(SECOND).toNanos());
        assertThat(Deadline.mayPass(Duration.ofMillis(200).toNanos()))
                .isEqualTo(Duration.ofMillis(100).toNanos());

        // Each look at the clock takes ten milliseconds of it.
        Watchdog slow = new Watchdog(() -> time.addAndGet(Duration.ofMillis(10).toNanos()));
        Deadline deadline = slow.over(cut::incrementAndGet);
        deadline.arm(Duration.ofMillis(200));
        long before = time.get();
        deadline.pause(MINUTES.toNanos());

        assertThat(Duration.ofNanos(time.get() - before)).isBetween(Duration.ofMillis(90), Duration.ofMillis(120));
        assertThat(cut).hasValue(0);
    }

    @Test
    void aPauseEndsWhenTheConnectionIsCut() throws InterruptedException {
        Deadline deadline = deadline();
        deadline.arm(MINUTES);
        Thread pausing = pausing(deadline);
        watchdog.close();
        pausing.join();

        assertThat(cut).hasValue(1);
        deadline.pause(SECOND.toNanos());
    }

    @Test
    void aPauseEndsWhenTheTimeIsOver() throws InterruptedException {
        Deadline deadline = deadline();
        deadline.arm(SECOND);
        Thread pausing = pausing(deadline);
        lookAfter(SECOND.multipliedBy(2));
        pausing.join();

        assertThat(deadline.isExpired()).isTrue();
    }

    @Test
    void whoeverIsInterruptedDoesNotPause() {
        Deadline deadline = deadline();
        deadline.arm(MINUTES);
        Thread.currentThread().interrupt();
        deadline.pause(SECOND.toNanos());

        assertThat(Thread.interrupted()).isTrue();
    }

    // Time stands still meanwhile: only being woken ends it.
    private static Thread pausing(Deadline deadline) {
        Thread pausing = Thread.ofVirtual().start(() -> deadline.pause(SECOND.toNanos()));
        while (pausing.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        return pausing;
    }

    @Test
    void itsThreadHurriesToWhatIsDue() throws InterruptedException {
        CountDownLatch closed = new CountDownLatch(1);
        try (Watchdog started = Watchdog.start()) {
            Deadline deadline = started.over(closed::countDown);
            deadline.arm(Duration.ofMillis(1));

            assertThat(closed.await(1, TimeUnit.MINUTES)).isTrue();
            assertThat(deadline.isExpired()).isTrue();
        }
    }
}
