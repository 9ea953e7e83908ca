// SPDX-License-Identifier: Apache-2.0
package org.postern.core.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.core.TestClock;
import org.postern.core.cluster.Cluster;
import org.postern.core.cluster.FakeRegisters;
import org.postern.spi.settings.Throttle;

/** How relays that share a queue keep to one throttle. */
class SharedThrottlesTest {

    private static final Throttle FORTY_A_MINUTE = new Throttle(40, Duration.ofMinutes(1));

    private final TestClock clock = new TestClock();
    private final FakeRegisters registers = new FakeRegisters(clock);

    /** A relay that draws when it is let. */
    private final class Relay {

        final Cluster cluster = new Cluster(Optional.of(registers), clock);
        final Deque<Runnable> draws = new ArrayDeque<>();
        final SharedThrottles throttles = new SharedThrottles(cluster, draws::add);

        /** As one that asks again when it is told to. */
        boolean passes(Throttle throttle) {
            for (int i = 0; i < 3; i++) {
                Optional<Duration> closed = throttles.closedFor("place", throttle);
                draw();
                if (closed.isEmpty()) {
                    return true;
                }
            }
            return false;
        }

        void draw() {
            while (!draws.isEmpty()) {
                draws.poll().run();
            }
        }
    }

    private final Relay here = new Relay();
    private final Relay there = new Relay();

    private static int passing(Relay relay, Throttle throttle) {
        int passed = 0;
        while (passed < 1_000 && relay.passes(throttle)) {
            passed++;
        }
        return passed;
    }

    @Test
    void togetherTheyLetNoMoreThroughThanOneMay() {
        int first = 0;
        for (int i = 0; i < 10; i++) {
            first += here.passes(FORTY_A_MINUTE) ? 1 : 0;
        }
        assertThat(first).isEqualTo(10);
        int rest = passing(there, FORTY_A_MINUTE) + passing(here, FORTY_A_MINUTE);
        assertThat(rest).isEqualTo(30);
        Duration closed = here.throttles.closedFor("place", FORTY_A_MINUTE).orElseThrow();
        assertThat(closed).isEqualTo(Duration.ofMinutes(1));
        clock.pass(closed);
        assertThat(passing(here, FORTY_A_MINUTE)).isEqualTo(40);
    }

    @Test
    void whoComesWhileAPortionIsDrawnIsToldWhenItIsThere() {
        AtomicInteger told = new AtomicInteger();
        here.throttles.whenDrawn(told::incrementAndGet);
        assertThat(here.throttles.closedFor("place", FORTY_A_MINUTE)).contains(Duration.ZERO);
        assertThat(here.throttles.closedFor("place", FORTY_A_MINUTE)).contains(Duration.ZERO);
        assertThat(here.draws).hasSize(1);
        assertThat(told).hasValue(0);
        here.draw();
        assertThat(told).hasValue(1);
        assertThat(here.throttles.closedFor("place", FORTY_A_MINUTE)).isEmpty();
    }

    @Test
    void theNextPortionIsDrawnBeforeOneIsUsedUp() {
        Throttle many = new Throttle(1_600, Duration.ofSeconds(1));
        here.passes(many);
        int waited = 0;
        for (int i = 0; i < 1_500; i++) {
            waited += here.throttles.closedFor("place", many).isPresent() ? 1 : 0;
            here.draw();
        }
        assertThat(waited).isZero();
        assertThat(registers.asked()).isLessThan(100);
    }

    @Test
    void aPortionIsGoodUntilTheEndOfItsWindowOnly() {
        assertThat(here.passes(FORTY_A_MINUTE)).isTrue();
        clock.pass(Duration.ofSeconds(61));
        assertThat(passing(there, FORTY_A_MINUTE)).isEqualTo(40);
        assertThat(passing(here, FORTY_A_MINUTE)).isZero();
    }

    @Test
    void aThrottleThatWasChangedBeginsAnew() {
        assertThat(passing(here, FORTY_A_MINUTE)).isEqualTo(40);
        assertThat(passing(here, new Throttle(3, Duration.ofMinutes(1)))).isEqualTo(3);
    }

    @Test
    void nothingIsLetThroughUncountedWhileTheOthersAreNotHeard() {
        assertThat(here.passes(FORTY_A_MINUTE)).isTrue();
        registers.away(true);
        assertThat(passing(here, FORTY_A_MINUTE)).isLessThanOrEqualTo(3);
        assertThat(here.throttles.closedFor("place", FORTY_A_MINUTE)).contains(Duration.ofSeconds(1));
        registers.away(false);
        here.cluster.follow("none", register -> {});
        here.cluster.look();
        clock.pass(Duration.ofSeconds(1));
        assertThat(here.passes(FORTY_A_MINUTE)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void inNoWindowThereAreMoreThanTheThrottleAllowsWhateverHappens(long seed) {
        Random random = new Random(seed);
        Throttle throttle = new Throttle(1 + random.nextInt(50), Duration.ofSeconds(10));
        List<Relay> relays = List.of(here, there, new Relay());
        List<Instant> passed = new ArrayList<>();
        for (int step = 0; step < 4_000; step++) {
            Relay relay = relays.get(random.nextInt(3));
            registers.away(random.nextInt(30) == 0);
            relay.cluster.follow("none", register -> {});
            relay.cluster.look();
            if (random.nextInt(3) == 0) {
                clock.pass(Duration.ofMillis(random.nextInt(500)));
            }
            if (random.nextBoolean()) {
                relay.draw();
            } else if (relay.throttles.closedFor("place", throttle).isEmpty()) {
                passed.add(clock.instant());
            }
        }
        // Windows follow each other and begin with what is let through: twice as many is the most there can be in as
        // long a time.
        for (int i = 0; i + 2 * throttle.count() < passed.size(); i++) {
            assertThat(Duration.between(passed.get(i), passed.get(i + 2 * (int) throttle.count())))
                    .isGreaterThanOrEqualTo(throttle.window());
        }
        assertThat(passed).hasSizeGreaterThan((int) throttle.count());
    }
}
