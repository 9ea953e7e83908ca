// SPDX-License-Identifier: Apache-2.0
package org.postern.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.core.TestClock;
import org.postern.core.cluster.Cluster;
import org.postern.core.cluster.FakeRegisters;
import org.postern.core.cluster.Relays;
import org.postern.spi.cluster.SharedRegisters;

/** How relays that share a queue divide what may be open at once. */
class SharedPlacesTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final TestClock clock = new TestClock();
    private final FakeRegisters registers = new FakeRegisters(clock);
    private final List<Relay> relays = new ArrayList<>();

    private static SessionLimit limit(long most) {
        return new SessionLimit("account", most, Optional.of("account"));
    }

    /** A relay that opens sessions under one limit, and closes what it is told to. */
    private final class Relay implements SharedPlaces.Pool {

        final Cluster cluster = new Cluster(Optional.of(registers), clock);
        final SharedPlaces places = new SharedPlaces(cluster, new Relays(cluster), this);
        int open;
        int idle;
        int told;

        Relay() {
            relays.add(this);
            cluster.look();
        }

        boolean opens(long most) {
            if (open < most && open < places.granted(limit(most), open + 1L)) {
                open++;
                return true;
            }
            return false;
        }

        int opensAsManyAsItMay(long most) {
            while (opens(most)) {
                // One more.
            }
            return open;
        }

        @Override
        public Map<Object, Long> sessions() {
            return Map.of("account", (long) open);
        }

        @Override
        public long taken(Object key) {
            return open;
        }

        @Override
        public void retire(Object key, long count) {
            open -= (int) count;
        }

        @Override
        public void retireIdle(Object key) {
            open -= idle;
            idle = 0;
        }

        @Override
        public void room(Object key) {
            told++;
        }
    }

    private void aSecondPasses() {
        clock.pass(SECOND);
        relays.forEach(relay -> relay.cluster.look());
    }

    private int all() {
        return relays.stream().mapToInt(relay -> relay.open).sum();
    }

    @Test
    void togetherTheyOpenNoMoreThanOneMay() {
        Relay here = new Relay();
        Relay there = new Relay();
        assertThat(here.opens(3)).isTrue();
        assertThat(there.opens(3)).isTrue();
        assertThat(here.opens(3)).isTrue();
        assertThat(here.opens(3)).isFalse();
        assertThat(there.opens(3)).isFalse();
    }

    @Test
    void whatOneDoesNotNeedIsThereForAnother() {
        Relay here = new Relay();
        Relay there = new Relay();
        assertThat(here.opensAsManyAsItMay(3)).isEqualTo(3);
        assertThat(there.opens(3)).isFalse();
        here.open = 0;
        aSecondPasses();
        aSecondPasses();
        assertThat(there.told).isPositive();
        assertThat(there.opensAsManyAsItMay(3)).isEqualTo(3);
        assertThat(here.opens(3)).isFalse();
    }

    @Test
    void whoHasMoreThanIsFairGivesSomeUpForOneThatWaits() {
        Relay here = new Relay();
        Relay there = new Relay();
        assertThat(here.opensAsManyAsItMay(10)).isEqualTo(10);
        for (int i = 0; i < 5; i++) {
            there.opensAsManyAsItMay(10);
            here.opensAsManyAsItMay(10);
            aSecondPasses();
            assertThat(all()).isLessThanOrEqualTo(10);
        }
        assertThat(there.open).isEqualTo(5);
        assertThat(here.open).isEqualTo(5);
    }

    @Test
    void whatHasNothingToDoIsClosedAtOnceForOneThatWaits() {
        Relay here = new Relay();
        Relay there = new Relay();
        assertThat(here.opens(1)).isTrue();
        aSecondPasses();
        here.idle = 1;
        assertThat(here.open).isEqualTo(1);
        assertThat(there.opens(1)).isFalse();
        aSecondPasses();
        assertThat(there.opens(1)).isTrue();
        assertThat(here.open).isZero();
    }

    @Test
    void theOnlyPlaceGoesRoundAmongAllWhoWaitForIt() {
        for (int i = 0; i < 3; i++) {
            new Relay();
        }
        int[] had = new int[3];
        for (int second = 0; second < 400; second++) {
            for (int i = 0; i < 3; i++) {
                relays.get(i).opensAsManyAsItMay(1);
                had[i] += relays.get(i).open;
            }
            assertThat(all()).isLessThanOrEqualTo(1);
            aSecondPasses();
        }
        assertThat(had[0]).isGreaterThan(60);
        assertThat(had[1]).isGreaterThan(60);
        assertThat(had[2]).isGreaterThan(60);
    }

    @Test
    void whatADeadRelayHadIsFreeWhenItWasSilentForTooLong() {
        Relay dead = new Relay();
        Relay alive = new Relay();
        assertThat(dead.opensAsManyAsItMay(4)).isEqualTo(4);
        relays.remove(dead);
        for (int second = 0; second < 23; second++) {
            aSecondPasses();
            alive.opensAsManyAsItMay(4);
        }
        assertThat(alive.open).isEqualTo(4);
        relays.add(dead);
        aSecondPasses();
        assertThat(dead.open).isZero();
        assertThat(dead.opens(4)).isFalse();
    }

    @Test
    void whatARelayHadThatLeavesIsFreeAtOnce() {
        Relay leaving = new Relay();
        Relay staying = new Relay();
        assertThat(leaving.opensAsManyAsItMay(4)).isEqualTo(4);
        leaving.cluster.start();
        leaving.cluster.close();
        relays.remove(leaving);
        aSecondPasses();
        assertThat(staying.opensAsManyAsItMay(4)).isEqualTo(4);
    }

    @Test
    void oneThatComesLaterBelievesThoseItHasNotHeardOf() {
        Relay here = new Relay();
        assertThat(here.opensAsManyAsItMay(2)).isEqualTo(2);
        Relay later = new Relay();
        assertThat(later.opens(2)).isFalse();
    }

    @Test
    void aSessionThatLivesForDaysKeepsItsPlace() {
        Relay here = new Relay();
        Relay there = new Relay();
        assertThat(here.opens(1)).isTrue();
        for (int i = 0; i < 20_000; i++) {
            clock.pass(Duration.ofSeconds(10));
            relays.forEach(relay -> relay.cluster.look());
        }
        assertThat(here.open).isEqualTo(1);
        assertThat(there.opens(1)).isFalse();
    }

    @Test
    void oneThatIsNotHeardOpensNoMoreThanItHasAndClosesWhatItMayHaveLost() {
        Relay here = new Relay();
        Relay there = new Relay();
        assertThat(here.opens(4)).isTrue();
        aSecondPasses();
        registers.away(true);
        assertThat(here.opensAsManyAsItMay(4)).isEqualTo(1);
        clock.pass(Duration.ofMinutes(3));
        assertThat(here.opens(4)).isFalse();
        registers.away(false);
        there.cluster.look();
        assertThat(there.opensAsManyAsItMay(4)).isEqualTo(4);
        here.cluster.look();
        assertThat(here.open).isZero();
    }

    @Test
    void asksTheStorageOnceForManyPlacesAndForgetsWhatNobodyUses() {
        Relay here = new Relay();
        int before = registers.asked();
        assertThat(here.opensAsManyAsItMay(1_600)).isEqualTo(1_600);
        assertThat(registers.asked() - before).isLessThan(70);
        int opened = registers.asked();
        assertThat(here.places.granted(limit(1_600), 1_500)).isGreaterThanOrEqualTo(1_500);
        assertThat(registers.asked()).isEqualTo(opened);
        here.open = 0;
        for (int second = 0; second < 20; second++) {
            aSecondPasses();
        }
        assertThat(here.places.size()).isZero();
    }

    @Test
    void whatIsGivenBackOfThousandsOfLimitsKeepsTheThreadFromNothingElse() {
        Relay here = new Relay();
        for (int i = 0; i < 1_000; i++) {
            String name = "destination " + i;
            here.places.granted(new SessionLimit(name, 5, Optional.of(name)), 1);
        }
        clock.pass(Duration.ofSeconds(6));
        int before = registers.asked();
        here.cluster.look();
        assertThat(registers.asked() - before).isLessThan(210);
        for (int i = 0; i < 20; i++) {
            aSecondPasses();
        }
        assertThat(here.places.size()).isZero();
    }

    @Test
    void aLimitOfOneRelayAsksNobody() {
        Relay here = new Relay();
        int before = registers.asked();
        assertThat(here.places.granted(new SessionLimit("own", 5), 3)).isEqualTo(5);
        assertThat(registers.asked()).isEqualTo(before);
    }

    @Test
    void whatCannotBeReadIsNobodysShare() throws Exception {
        registers.put(
                "places", "account", "x\n\ny 1\nz -4 0\n".getBytes(), SharedRegisters.ABSENT, SECOND.multipliedBy(60));
        assertThat(registers.changes(Set.of("places"), 0).registers()).hasSize(1);
        assertThat(new Relay().opensAsManyAsItMay(3)).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void thereAreNeverMoreThanTheLimitAllowsWhateverHappens(long seed) {
        Random random = new Random(seed);
        int most = 1 + random.nextInt(12);
        for (int i = 0; i < 3; i++) {
            new Relay();
        }
        int best = 0;
        for (int step = 0; step < 3_000; step++) {
            Relay relay = relays.get(random.nextInt(3));
            registers.away(random.nextInt(20) == 0);
            switch (random.nextInt(5)) {
                case 0 -> relay.open -= random.nextInt(relay.open + 1);
                case 1 -> relay.cluster.look();
                case 2 -> {
                    registers.away(false);
                    clock.pass(Duration.ofMillis(random.nextInt(4_000)));
                    relays.forEach(one -> one.cluster.look());
                }
                default -> relay.opens(most);
            }
            best = Math.max(best, all());
            assertThat(all()).isLessThanOrEqualTo(most);
        }
        assertThat(best).isEqualTo(most);
    }
}
