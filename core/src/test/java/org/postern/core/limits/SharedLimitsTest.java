// SPDX-License-Identifier: Apache-2.0
package org.postern.core.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.core.TestClock;
import org.postern.core.cluster.Cluster;
import org.postern.core.cluster.FakeRegisters;

/** Whether limits hold over all relays that share a queue. */
class SharedLimitsTest {

    private static final Account ALICE = new Account("alice", Optional.empty(), "smtp.example.com:587");
    private static final CredentialLimits TEN_AN_HOUR =
            CredentialLimits.of(List.of("messages=10/h", "recipients=50/h"));

    private final TestClock clock = new TestClock();
    private final FakeRegisters registers = new FakeRegisters(clock);
    private final Relay here = new Relay(Duration.ZERO);
    private final Relay there = new Relay(Duration.ofMinutes(-3));

    /** A relay whose clock is ahead by so much. */
    private final class Relay {

        final Cluster cluster;
        final LimitUsage usage;

        Relay(Duration ahead) {
            Clock own = Clock.offset(clock, ahead);
            cluster = new Cluster(Optional.of(registers), own);
            usage = new LimitUsage(own, Optional.empty(), cluster);
            cluster.look();
        }

        boolean goes(Account account, int recipients) {
            return usage.takeMessage(account, TEN_AN_HOUR, recipients).isEmpty();
        }

        boolean goes() {
            return goes(ALICE, 1);
        }

        List<Long> used() {
            return usage.used(ALICE, TEN_AN_HOUR).stream()
                    .map(LimitUsage.Used::used)
                    .toList();
        }
    }

    @Test
    void whatOneRelayUsesIsMissingForTheOthers() {
        for (int i = 0; i < 5; i++) {
            assertThat(here.goes()).isTrue();
            assertThat(there.goes()).isTrue();
        }
        assertThat(here.goes()).isFalse();
        assertThat(there.goes()).isFalse();
        clock.pass(Duration.ofMinutes(63));
        assertThat(there.goes()).isTrue();
        assertThat(here.goes()).isTrue();
    }

    @Test
    void aRelayKnowsWithinASecondHowMuchTheOthersHaveUsed() {
        here.goes();
        there.goes(ALICE, 7);
        here.cluster.look();
        assertThat(here.used()).containsExactly(2L, 8L);
        there.goes(new Account("bob", Optional.empty(), "smtp.example.com:587"), 7);
        here.cluster.look();
        assertThat(here.used()).containsExactly(2L, 8L);
    }

    @Test
    void whatDidNotGoIsThereForTheOthersAgain() {
        for (int i = 0; i < 10; i++) {
            here.goes();
        }
        assertThat(there.goes()).isFalse();
        here.usage.giveBack(ALICE, TEN_AN_HOUR, 1, 1);
        there.cluster.look();
        assertThat(there.goes()).isTrue();
        assertThat(here.goes()).isFalse();
    }

    @Test
    void whatIsGivenBackAfterOthersHaveCountedIsGivenBackAllTheSame() {
        here.goes();
        there.goes();
        here.usage.giveBack(ALICE, TEN_AN_HOUR, 1, 1);
        there.cluster.look();
        assertThat(there.used()).containsExactly(1L, 1L);
    }

    @Test
    void nothingGoesUncountedWhileTheOthersAreNotHeard() {
        here.goes();
        registers.away(true);
        LimitUsage.Shortage shortage =
                here.usage.takeMessage(ALICE, TEN_AN_HOUR, 1).orElseThrow();
        assertThat(shortage.reason()).contains("not heard");
        assertThat(shortage.until()).isEqualTo(clock.instant().plusSeconds(1));
        assertThat(here.used()).containsExactly(1L, 1L);
        assertThat(here.usage.takeMessage(ALICE, CredentialLimits.of(List.of("sessions=3")), 1))
                .isEmpty();
        registers.away(false);
        here.cluster.look();
        assertThat(here.goes()).isTrue();
        assertThat(here.used()).containsExactly(2L, 2L);
    }

    @Test
    void aRelayThatForgotAnAccountBeginsWithWhatAllHaveCounted() {
        for (int i = 0; i < 10; i++) {
            here.goes();
        }
        Relay fresh = new Relay(Duration.ZERO);
        assertThat(fresh.goes()).isFalse();
        assertThat(fresh.used()).containsExactly(10L, 10L);
    }

    @Test
    void namesThatCouldRunTogetherAreCountedApart() {
        List<Account> alike = List.of(
                new Account("a", Optional.of("b"), "c"),
                new Account("a", Optional.of(""), "c"),
                new Account("a", Optional.empty(), "c"),
                new Account("a/b", Optional.empty(), "c"),
                new Account("a", Optional.empty(), "c/a"),
                new Account("\u00fc\r\n\u0000", Optional.of("x".repeat(5_000)), "c"));
        for (Account account : alike) {
            assertThat(here.goes(account, 40)).isTrue();
            assertThat(there.goes(account, 40)).isFalse();
        }
    }

    @Test
    void manyWorkersOfManyRelaysTakeNoMoreThanThereIs() throws Exception {
        List<Relay> relays = List.of(here, there, new Relay(Duration.ofSeconds(5)));
        try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Integer>> work = IntStream.range(0, 24)
                    .mapToObj(i -> (Callable<Integer>) () -> taken(relays.get(i % 3)))
                    .toList();
            int all = 0;
            for (Future<Integer> one : workers.invokeAll(work)) {
                all += one.get();
            }
            assertThat(all).isLessThanOrEqualTo(10);
        }
        for (int i = 0; i < 10; i++) {
            here.goes();
        }
        here.cluster.look();
        assertThat(here.used()).containsExactly(10L, 10L);
    }

    private static int taken(Relay relay) {
        int taken = 0;
        for (int i = 0; i < 5; i++) {
            if (relay.goes()) {
                taken++;
            }
        }
        return taken;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void inNoHourThereAreMoreThanTheLimitAllowsWhateverHappens(long seed) {
        Random random = new Random(seed);
        List<Relay> relays = new ArrayList<>(List.of(here, there));
        List<Instant> went = new ArrayList<>();
        for (int step = 0; step < 600; step++) {
            clock.pass(Duration.ofMillis(random.nextInt(120_000)));
            registers.away(random.nextInt(10) == 0);
            Relay relay = relays.get(random.nextInt(relays.size()));
            switch (random.nextInt(6)) {
                case 0 -> relay.cluster.look();
                case 1 ->
                    relays.set(
                            random.nextInt(relays.size()),
                            new Relay(Duration.ofMillis(random.nextInt(400_000) - 200_000)));
                case 2 -> {
                    if (relay.goes()) {
                        relay.usage.giveBack(ALICE, TEN_AN_HOUR, 1, 1);
                    }
                }
                default -> {
                    if (relay.goes()) {
                        went.add(clock.instant());
                    }
                }
            }
        }
        assertThat(went).hasSizeGreaterThan(20);
        for (int i = 10; i < went.size(); i++) {
            assertThat(Duration.between(went.get(i - 10), went.get(i))).isGreaterThan(Duration.ofHours(1));
        }
    }
}
