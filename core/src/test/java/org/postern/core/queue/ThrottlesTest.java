// SPDX-License-Identifier: Apache-2.0
package org.postern.core.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.postern.core.TestClock;
import org.postern.spi.settings.Throttle;

class ThrottlesTest {

    private static final Throttle THREE_A_MINUTE = new Throttle(3, Duration.ofMinutes(1));

    private final TestClock clock = new TestClock();
    private final Throttles throttles = new Throttles(clock);

    private long passedOf(int tries, Object key) {
        return IntStream.range(0, tries)
                .filter(i -> throttles.closedUntil(key, THREE_A_MINUTE).isEmpty())
                .count();
    }

    @Test
    void letsSoManyThroughInEachWindowAndSaysWhenTheNextOneBegins() {
        Instant start = clock.instant();
        assertThat(passedOf(10, "a")).isEqualTo(3);
        clock.pass(Duration.ofSeconds(59));
        assertThat(throttles.closedUntil("a", THREE_A_MINUTE)).contains(start.plusSeconds(60));
        clock.pass(Duration.ofSeconds(1));
        assertThat(passedOf(10, "a")).isEqualTo(3);
    }

    @Test
    void letsAnotherThroughForOneThatIsGivenBack() {
        assertThat(passedOf(10, "a")).isEqualTo(3);
        throttles.giveBack("a");
        assertThat(passedOf(10, "a")).isEqualTo(1);
    }

    @Test
    void letsNoMoreThroughForOneOfAnEarlierWindowThatIsGivenBack() {
        assertThat(passedOf(3, "a")).isEqualTo(3);
        clock.pass(Duration.ofMinutes(1));
        throttles.giveBack("a");
        throttles.giveBack("b");
        assertThat(passedOf(10, "a")).isEqualTo(3);
        throttles.giveBack("a");
        assertThat(passedOf(10, "a")).isEqualTo(1);
    }

    @Test
    void countsEachKeyByItself() {
        assertThat(passedOf(10, "a")).isEqualTo(3);
        assertThat(passedOf(10, "b")).isEqualTo(3);
    }

    @Test
    void letsEverythingThroughWhereTheCountIsZero() {
        Throttle none = new Throttle(0, Duration.ofSeconds(1));
        assertThat(IntStream.range(0, 1_000)
                        .allMatch(i -> throttles.closedUntil("a", none).isEmpty()))
                .isTrue();
    }

    @Test
    void isNotShutForLongByAClockThatIsSetBack() {
        assertThat(passedOf(3, "a")).isEqualTo(3);
        clock.pass(Duration.ofDays(-1));
        assertThat(throttles.closedUntil("a", THREE_A_MINUTE)).isEqualTo(Optional.empty());
    }

    @Test
    void beginsAnewWhenTheThrottleIsChanged() {
        assertThat(passedOf(3, "a")).isEqualTo(3);
        assertThat(throttles.closedUntil("a", new Throttle(4, Duration.ofMinutes(1))))
                .isEmpty();
    }
}
