// SPDX-License-Identifier: Apache-2.0
package org.postern.core.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.spi.mail.MessageId;

class SteadyClockTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private Instant system = START;
    private long nanos = 42;
    private final SteadyClock clock = new SteadyClock(() -> system, () -> nanos);

    private void pass(Duration time) {
        system = system.plus(time);
        nanos += time.toNanos();
    }

    @Test
    void saysWhatTheSystemSays() {
        pass(Duration.ofSeconds(5));
        assertThat(clock.instant()).isEqualTo(START.plusSeconds(5));
        pass(Duration.ofDays(3));
        assertThat(clock.instant()).isEqualTo(START.plusSeconds(5).plus(Duration.ofDays(3)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT1H", "PT24H", "PT87600H", "-PT1H", "-PT24H", "-PT87600H", "-PT490000H"})
    void goesOnWhereTheSystemsClockJumps(String jump) {
        system = system.plus(Duration.parse(jump));
        assertThat(clock.instant()).isEqualTo(START);
        pass(Duration.ofMinutes(10));
        assertThat(clock.instant()).isBetween(START.plusSeconds(540), START.plusSeconds(660));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT8H", "-PT1H"})
    void comesAfterTheSystemInTime(String jump) {
        system = system.plus(Duration.parse(jump));
        for (int i = 0; i < 81; i++) {
            pass(Duration.ofHours(1));
            Instant before = clock.instant();
            assertThat(clock.instant()).isEqualTo(before);
        }
        assertThat(clock.instant()).isEqualTo(system);
    }

    @Test
    void neverGoesBack() {
        Instant last = clock.instant();
        for (int i = 0; i < 100; i++) {
            system = system.plus(Duration.ofHours(i % 2 == 0 ? -50 : 49));
            nanos += i % 3 == 0 ? 0 : 1_000_000;
            assertThat(clock.instant()).isAfterOrEqualTo(last);
            last = clock.instant();
        }
    }

    @Test
    void makesNothingDueByAJumpAndKeepsNothingWaitingForYears() {
        List<MessageId> released = new ArrayList<>();
        DelayedQueue queue =
                new DelayedQueue(clock, one -> released.add(one.message().id()));
        QueuedMessage message = Messages.queued(Messages.to("m1", "a@one.example"));
        queue.delay(message, clock.instant().plus(Duration.ofMinutes(20)), "busy");

        system = system.plus(Duration.ofDays(3650));
        queue.releaseDue();
        assertThat(released).isEmpty();

        system = system.minus(Duration.ofDays(2 * 3650));
        pass(Duration.ofMinutes(23));
        queue.releaseDue();
        assertThat(released).containsExactly(message.message().id());
    }
}
