// SPDX-License-Identifier: Apache-2.0
package org.postern.core.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.core.TestClock;
import org.postern.core.cluster.Cluster;

class LimitUsageTest {

    private static final Account ALICE = new Account("alice", Optional.empty(), "smtp.example.com:587");
    private static final Account BOB = new Account("bob", Optional.of("böss\n"), "smtp.example.com:587");
    private static final CredentialLimits THREE_A_DAY = CredentialLimits.of(List.of("messages=3/d"));
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration GRAIN = DAY.dividedBy(60);

    @TempDir
    Path state;

    private final TestClock clock = new TestClock();
    private final LimitUsage usage = new LimitUsage(clock, Optional.empty(), Cluster.alone());

    private boolean goes(Account account, CredentialLimits limits, int recipients) {
        return usage.takeMessage(account, limits, recipients).isEmpty();
    }

    private boolean goes() {
        return goes(ALICE, THREE_A_DAY, 1);
    }

    @Test
    void letsThroughAsMuchAsTheLimitAllowsAndSaysWhenItGoesOn() {
        Instant begin = clock.instant();
        for (int i = 0; i < 3; i++) {
            assertThat(goes()).isTrue();
        }
        LimitUsage.Shortage shortage = usage.takeMessage(ALICE, THREE_A_DAY, 1).orElseThrow();
        assertThat(shortage.reason()).endsWith(" messages=3/d");
        assertThat(shortage.until())
                .isAfterOrEqualTo(begin.plus(DAY))
                .isBeforeOrEqualTo(begin.plus(DAY).plus(GRAIN));
        assertThat(goes(BOB, THREE_A_DAY, 1)).isTrue();
    }

    @Test
    void allowsNoMoreInAnyDayWhereverItBegins() {
        clock.pass(DAY.minusMinutes(1));
        for (int i = 0; i < 3; i++) {
            goes();
        }
        clock.pass(Duration.ofMinutes(2));
        assertThat(goes()).isFalse();
        clock.pass(DAY.minusMinutes(3));
        assertThat(goes()).isFalse();
        clock.pass(GRAIN.plusMinutes(1));
        assertThat(goes()).isTrue();
    }

    @Test
    void freesWhatWasUsedFirstFirst() {
        goes();
        clock.pass(Duration.ofHours(12));
        goes();
        goes();
        clock.pass(Duration.ofHours(12).plus(GRAIN));
        assertThat(goes()).isTrue();
        assertThat(goes()).isFalse();
    }

    @Test
    void namesTheLimitThatLastsLongest() {
        CredentialLimits both = CredentialLimits.of(List.of("messages=1/m", "messages=1/h"));
        assertThat(goes(ALICE, both, 1)).isTrue();
        assertThat(usage.takeMessage(ALICE, both, 1).orElseThrow().reason()).endsWith(" messages=1/h");
    }

    @Test
    void countsNothingOfAMessageThatOneLimitHoldsBack() {
        CredentialLimits both = CredentialLimits.of(List.of("messages=10/h", "recipients=5/h"));
        assertThat(goes(ALICE, both, 4)).isTrue();
        assertThat(goes(ALICE, both, 4)).isFalse();
        assertThat(usage.used(ALICE, both).stream().map(LimitUsage.Used::used)).containsExactly(1L, 4L);
        assertThat(goes(ALICE, both, 1)).isTrue();
    }

    @Test
    void letsAMessageForMoreRecipientsThanTheLimitGoAlone() {
        CredentialLimits five = CredentialLimits.of(List.of("recipients=5/m"));
        assertThat(goes(ALICE, five, 8)).isTrue();
        assertThat(goes(ALICE, five, 1)).isFalse();
        clock.pass(Duration.ofSeconds(62));
        assertThat(goes(ALICE, five, 1)).isTrue();
        assertThat(goes(ALICE, five, 8)).isFalse();
    }

    @Test
    void givesBackWhatDidNotGo() {
        CredentialLimits both = CredentialLimits.of(List.of("messages=1/h", "recipients=9/h"));
        goes(ALICE, both, 3);
        usage.giveBack(ALICE, both, 0, 2);
        assertThat(usage.used(ALICE, both).stream().map(LimitUsage.Used::used)).containsExactly(1L, 1L);
        usage.giveBack(ALICE, both, 1, 1);
        assertThat(usage.used(ALICE, both).stream().map(LimitUsage.Used::used)).containsExactly(0L, 0L);
    }

    @Test
    void countsLoginsApart() {
        CredentialLimits limits = CredentialLimits.of(List.of("logins=1/m", "messages=1/m"));
        assertThat(usage.takeLogin(ALICE, limits)).isEmpty();
        assertThat(usage.takeLogin(ALICE, limits)).isPresent();
        assertThat(goes(ALICE, limits, 1)).isTrue();
        usage.giveBackLogin(ALICE, limits);
        assertThat(usage.takeLogin(ALICE, limits)).isEmpty();
    }

    @Test
    void isNotShutForLongerByAClockThatIsSetBack() {
        for (int i = 0; i < 3; i++) {
            goes();
        }
        clock.pass(Duration.ofDays(-300));
        assertThat(goes()).isFalse();
        clock.pass(DAY.plus(GRAIN));
        assertThat(goes()).isTrue();
    }

    @Test
    void remembersAcrossARestart() throws Exception {
        LimitUsage before = new LimitUsage(clock, Optional.of(new LimitFile(state)), Cluster.alone());
        before.takeMessage(ALICE, THREE_A_DAY, 1);
        before.takeMessage(ALICE, THREE_A_DAY, 1);
        before.takeMessage(BOB, THREE_A_DAY, 1);
        before.saveNow();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state.resolve("limits"))))
                .isEqualTo("rw-------");

        LimitUsage after = new LimitUsage(clock, Optional.of(new LimitFile(state)), Cluster.alone());
        assertThat(after.takeMessage(ALICE, THREE_A_DAY, 1)).isEmpty();
        assertThat(after.takeMessage(ALICE, THREE_A_DAY, 1)).isPresent();
        assertThat(after.used(BOB, THREE_A_DAY).getFirst().used()).isEqualTo(1);

        clock.pass(DAY.multipliedBy(2));
        after.takeMessage(BOB, THREE_A_DAY, 1);
        after.saveNow();
        assertThat(Files.readAllLines(state.resolve("limits"))).hasSize(2);
    }

    @Test
    void passesOverLinesThatCannotBeReadAndKeepsTheFileAside() throws IOException {
        LimitUsage before = new LimitUsage(clock, Optional.of(new LimitFile(state)), Cluster.alone());
        before.takeMessage(ALICE, THREE_A_DAY, 1);
        before.saveNow();
        Path file = state.resolve("limits");
        String good = Files.readString(file);
        for (String bad : List.of(
                "",
                "x",
                "a b c d e f",
                "%zz a - messages d 1:1",
                "p u - messages d 1:-4",
                "p u - messages q 1:1",
                "p u - messages d 1:99999999999999999999",
                "p u - messages d ,")) {
            Files.writeString(file, good + bad + "\n");
            LimitUsage after = new LimitUsage(clock, Optional.of(new LimitFile(state)), Cluster.alone());
            assertThat(after.used(ALICE, THREE_A_DAY).getFirst().used()).as(bad).isEqualTo(1);
            assertThat(state.resolve("limits.damaged")).exists();
        }
    }

    @Test
    void goesOnWhereTheFileCannotBeWritten() throws IOException {
        Path noDirectory = Files.createFile(state.resolve("file"));
        LimitUsage unkept = new LimitUsage(clock, Optional.of(new LimitFile(noDirectory)), Cluster.alone());
        assertThat(unkept.takeMessage(ALICE, THREE_A_DAY, 1)).isEmpty();
        unkept.saveNow();
        assertThat(unkept.used(ALICE, THREE_A_DAY).getFirst().used()).isEqualTo(1);
    }

    @Test
    void remembersNoMoreAccountsThanItMay() {
        LimitUsage few = new LimitUsage(clock, Optional.empty(), Cluster.alone(), 10);
        for (int i = 0; i < 50; i++) {
            few.takeMessage(new Account("u" + i, Optional.empty(), "p:1"), THREE_A_DAY, 1);
        }
        assertThat(few.size()).isEqualTo(10);
    }

    @Test
    void countsExactlyUnderManyThreads() throws Exception {
        CredentialLimits limits = CredentialLimits.of(List.of("messages=1000/d"));
        try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
            long through = IntStream.range(0, 20)
                    .mapToObj(worker -> workers.submit(() -> IntStream.range(0, 100)
                            .filter(i -> goes(ALICE, limits, 1))
                            .count()))
                    .toList()
                    .stream()
                    .mapToLong(LimitUsageTest::get)
                    .sum();
            assertThat(through).isEqualTo(1_000);
        }
    }

    private static long get(java.util.concurrent.Future<Long> future) {
        try {
            return future.get(30, TimeUnit.SECONDS);
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }
}
