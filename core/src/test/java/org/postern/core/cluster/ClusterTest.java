// SPDX-License-Identifier: Apache-2.0
package org.postern.core.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.postern.core.TestClock;
import org.postern.spi.cluster.Put;
import org.postern.spi.cluster.Register;
import org.postern.spi.cluster.SharedRegisters;
import org.postern.spi.credential.Secret;

class ClusterTest {

    private static final Duration LIFE = Duration.ofHours(1);

    private final TestClock clock = new TestClock();
    private final FakeRegisters registers = new FakeRegisters(clock);
    private final Cluster here = new Cluster(Optional.of(registers), clock);
    private final Cluster there = new Cluster(Optional.of(registers), clock);
    private final List<String> heard = new ArrayList<>();

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void follow() {
        here.follow("one", register -> heard.add(register.name()));
    }

    @Test
    void aFollowerHearsWhatOthersPut() {
        follow();
        there.put("one", "a", octets("1"), SharedRegisters.ABSENT, LIFE);
        there.put("two", "b", octets("1"), SharedRegisters.ABSENT, LIFE);
        here.look();
        there.put("one", "c", octets("1"), SharedRegisters.ABSENT, LIFE);
        here.look();
        here.look();
        assertThat(heard).containsExactly("a", "c");
    }

    @Test
    void whatFailsToBeTakenUpKeepsNobodyElseFromHearing() {
        here.follow("one", register -> {
            throw new IllegalStateException("a bug");
        });
        List<Register> others = new ArrayList<>();
        here.follow("two", others::add);
        there.put("one", "a", octets("1"), SharedRegisters.ABSENT, LIFE);
        there.put("two", "b", octets("1"), SharedRegisters.ABSENT, LIFE);
        here.look();
        assertThat(others).hasSize(1);
    }

    @Test
    void aStorageThatFailedIsNotAskedAgainUntilTheNextLook() {
        follow();
        registers.away(true);
        assertThat(here.put("one", "a", octets("1"), SharedRegisters.ABSENT, LIFE))
                .isEmpty();
        int before = registers.asked();
        assertThat(here.put("one", "a", octets("1"), SharedRegisters.ABSENT, LIFE))
                .isEmpty();
        assertThat(registers.asked()).isEqualTo(before);
        here.look();
        registers.away(false);
        assertThat(here.put("one", "a", octets("1"), SharedRegisters.ABSENT, LIFE))
                .isEmpty();
        here.look();
        assertThat(here.put("one", "a", octets("1"), SharedRegisters.ABSENT, LIFE))
                .get()
                .isInstanceOf(Put.Held.class);
        here.look();
        assertThat(heard).containsExactly("a");
    }

    @Test
    void oneWhoIsAloneSharesNothingAndBeginsNothing() {
        try (Cluster alone = Cluster.alone();
                Secret secret = Secret.of("secret")) {
            alone.follow("one", register -> heard.add(register.name()));
            alone.start();
            assertThat(alone.isShared()).isFalse();
            assertThat(alone.put("one", "a", octets("1"), SharedRegisters.ABSENT, LIFE))
                    .isEmpty();
            assertThat(alone.tag("login", secret)).isEmpty();
            assertThat(here.tag("login", secret)).isPresent().isEqualTo(there.tag("login", secret));
        }
        assertThat(registers.asked()).isZero();
    }

    @Test
    void theTimeIsTheStoragesWhateverTheClockHereSays() {
        TestClock wrong = new TestClock();
        wrong.pass(Duration.ofMinutes(-7));
        Cluster behind = new Cluster(Optional.of(registers), wrong);
        behind.look();
        assertThat(behind.now()).isEqualTo(clock.instant());
        clock.pass(Duration.ofSeconds(3));
        wrong.pass(Duration.ofSeconds(3));
        assertThat(behind.now()).isEqualTo(clock.instant());
    }

    @Test
    void theFirstLookIsOverWhenTheStartIs() {
        follow();
        there.put("one", "a", octets("1"), SharedRegisters.ABSENT, LIFE);
        try (here) {
            here.start();
            assertThat(heard).contains("a");
        }
    }
}
