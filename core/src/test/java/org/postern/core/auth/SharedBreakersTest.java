// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.postern.core.TestClock;
import org.postern.core.audit.Audit;
import org.postern.core.audit.AuditEvent;
import org.postern.core.auth.LoginBreaker.Admission;
import org.postern.core.auth.LoginBreaker.Admission.Go;
import org.postern.core.auth.LoginBreaker.Admission.Wait;
import org.postern.core.cluster.Cluster;
import org.postern.core.cluster.FakeRegisters;
import org.postern.core.time.Waits;
import org.postern.spi.credential.AuthIdentity;
import org.postern.spi.credential.CredentialVersion;

/** The breakers of relays that share registers. Each hears of the other when a test says so. */
@Timeout(60)
class SharedBreakersTest {

    private static final Endpoint PEER = new Endpoint("mx.example", 587);
    private static final AuthIdentity ALICE = identity("tag-1");
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final TestClock clock = new TestClock();
    private final FakeRegisters registers = new FakeRegisters(clock);
    private final Relay here = new Relay();
    private final Relay there = new Relay();

    private final class Relay {

        final Cluster cluster = new Cluster(Optional.of(registers), clock);
        final List<AuditEvent> audited = new CopyOnWriteArrayList<>();
        final AtomicInteger goneOn = new AtomicInteger();
        final LoginBreaker breaker = new LoginBreaker(clock, audited::add, Waits.REAL, cluster);

        Relay() {
            breaker.onGoesOn(goneOn::incrementAndGet);
        }

        Admission admit() {
            return breaker.admit(ALICE, PEER);
        }

        LoginPermit go() {
            return ((Go) admit()).permit();
        }

        Wait waiting() {
            return (Wait) admit();
        }

        Duration pause() {
            return Duration.between(clock.instant(), waiting().until());
        }

        Relay looks() {
            cluster.look();
            return this;
        }
    }

    @Test
    void aRefusedPasswordMakesTheOtherWait() {
        here.go().refused();
        assertThat(there.breaker.obstacle(ALICE, PEER)).as("not heard of yet").isEmpty();
        there.looks();
        assertThat(there.breaker.obstacle(ALICE, PEER)).contains(there.waiting());
        assertThat(there.waiting()).isEqualTo(here.waiting());
        assertThat(there.audited)
                .singleElement()
                .satisfies(event -> assertThat(event.details())
                        .containsEntry("by", "another relay")
                        .containsKey("next probe"));
    }

    @Test
    void whoHasNotHeardOfARefusalLearnsOfItBeforeItsOwnLogin() {
        here.go().refused();
        assertThat(there.pause()).isEqualTo(MINUTE);
        assertThat(there.breaker.states())
                .singleElement()
                .satisfies(state -> assertThat(state.refusals()).isOne());
    }

    @Test
    void untilTheFirstSuccessOneLoginRunsAtATimeOverAllRelays() {
        LoginPermit first = here.go();
        assertThat(there.waiting().reason())
                .isEqualTo("another login of 'alice' at mx.example:587 is being tried by another relay");
        first.succeeded();
        there.looks().go().succeeded();
    }

    @Test
    void probesAtTheSameIntervalsAsARelayThatIsAlone() {
        here.go().refused();
        Relay turn = there;
        for (int minutes : new int[] {1, 2, 5, 15, 30, 60, 60}) {
            turn.looks();
            assertThat(turn.pause()).isEqualTo(Duration.ofMinutes(minutes));
            clock.pass(Duration.ofMinutes(minutes));
            turn.go().refused();
            turn = turn == here ? there : here;
        }
    }

    @Test
    void ofManyThreadsOfBothRelaysOneProbes() throws Exception {
        here.go().refused();
        there.looks();
        for (int minutes : new int[] {1, 2, 5}) {
            clock.pass(Duration.ofMinutes(minutes));
            List<LoginPermit> permits = rush(10);
            assertThat(permits).hasSize(1);
            permits.getFirst().refused();
            assertThat(rush(10)).isEmpty();
        }
    }

    @Test
    void aSuccessClosesBothAndLetsMailGoOn() {
        here.go().refused();
        there.looks().waiting();
        clock.pass(MINUTE);
        here.go().succeeded();
        there.looks();
        assertThat(there.goneOn).as("mail that waits for the next probe").hasValue(0);
        assertThat(there.breaker.obstacle(ALICE, PEER)).isEmpty();
        LoginPermit first = there.go();
        there.go().succeeded();
        first.succeeded();
        assertThat(there.audited.getLast().result()).isEqualTo("closed");
    }

    @Test
    void aSuccessBeforeTheNextProbeIsDueLetsTheMailOfTheOtherGoOn() {
        here.go().refused();
        there.looks().waiting();
        here.breaker.reset(ALICE.source());
        here.go().succeeded();
        there.looks();
        assertThat(there.goneOn).hasValue(1);
        there.go().succeeded();
    }

    @Test
    void anotherPasswordIsNotHeldUp() {
        here.go().refused();
        there.looks();
        assertThat(there.breaker.admit(identity("tag-2"), PEER)).isInstanceOf(Go.class);
        assertThat(there.breaker.admit(ALICE, new Endpoint("mx.example", 25))).isInstanceOf(Go.class);
    }

    @Test
    void aRelayThatDiesWhileItTriesIsReplacedAfterHalfAMinute() {
        here.go();
        assertThat(there.admit()).isInstanceOf(Wait.class);
        clock.pass(Duration.ofSeconds(29));
        assertThat(there.admit()).isInstanceOf(Wait.class);
        clock.pass(Duration.ofSeconds(1));
        there.go().refused();
        assertThat(there.pause()).isEqualTo(MINUTE);
    }

    @Test
    void aProberThatDiesKeepsTheRefusalsInMind() {
        here.go().refused();
        there.looks();
        clock.pass(MINUTE);
        here.go();
        there.looks();
        assertThat(there.breaker.obstacle(ALICE, PEER)).isPresent();
        clock.pass(Duration.ofMinutes(2));
        there.go().refused();
        assertThat(there.pause()).isEqualTo(Duration.ofMinutes(2));
    }

    @Test
    void whoTookTooLongAddsItsVerdictToWhatHasHappenedSince() {
        LoginPermit slow = here.go();
        clock.pass(Duration.ofMinutes(2));
        there.go().refused();
        slow.refused();
        assertThat(here.waiting()).isEqualTo(there.looks().waiting());
        assertThat(here.pause()).isEqualTo(MINUTE);
        here.breaker.resetAll();
        assertThat(here.admit()).as("the second login was the one to spare").isInstanceOf(Wait.class);
    }

    @Test
    void aLoginThatWasNotMadeLeavesItToTheOther() {
        here.go().close();
        there.go().succeeded();
    }

    @Test
    void passingTroubleLeavesTheLoginToTheOther() {
        here.go().failedTransiently();
        there.go().succeeded();
    }

    @Test
    void aWorkingPasswordThatTurnsWrongCostsTwoLoginsForEachRelayAndThenAsManyAsForOne() {
        List<LoginPermit> out = proven("tag-1");
        out.forEach(LoginPermit::refused);
        here.looks();
        there.looks();
        here.looks();
        assertThat(out).hasSize(4);
        assertThat(here.pause()).isEqualTo(MINUTE);
        assertThat(there.pause()).isEqualTo(MINUTE);
        there.breaker.resetAll();
        assertThat(there.admit()).isInstanceOf(Wait.class);
        clock.pass(MINUTE);
        here.go().refused();
        there.looks();
        assertThat(there.pause()).isEqualTo(Duration.ofMinutes(2));
    }

    @Test
    void aLoginThatIsOutWhenTheOthersRefusalIsHeardIsTheFurtherOneOfTheInterval() {
        here.go().succeeded();
        LoginPermit out = there.looks().go();
        here.go().refused();
        there.looks();
        out.refused();
        for (Relay relay : List.of(here, there)) {
            relay.looks().breaker.resetAll();
            assertThat(relay.pause()).isEqualTo(MINUTE);
        }
    }

    @Test
    void aRefusalThatIsHeardBetweenTurnAndClaimStopsTheLogin() {
        Cluster cluster = new Cluster(Optional.of(registers), clock);
        ReentrantLock lock = new ReentrantLock();
        SharedBreakers shared = new SharedBreakers(cluster, clock, lock, 10, (record, before) -> {});
        LoginRecord record = new LoginRecord(new LoginAccount(ALICE, PEER), lock.newCondition());
        lock.lock();
        shared.remembered(record);
        assertThat(record.take(clock.instant())).isTrue();
        lock.unlock();
        there.go().refused();
        cluster.look();
        assertThat(shared.claim(record)).isFalse();
        assertThat(record.isInUse()).as("the turn was given back").isFalse();
    }

    @Test
    void newsBringOneFurtherProbeInAnIntervalOverAllRelays() {
        here.go().refused();
        there.looks().waiting();
        clock.pass(Duration.ofSeconds(10));
        here.breaker.resetAll();
        there.breaker.resetAll();
        there.go().refused();
        assertThat(here.pause()).isEqualTo(Duration.ofSeconds(50));
        for (Relay relay : List.of(here, there, here, there)) {
            relay.looks().breaker.resetAll();
            assertThat(relay.admit()).isInstanceOf(Wait.class);
        }
        clock.pass(Duration.ofSeconds(50));
        here.go().refused();
        assertThat(there.looks().pause()).isEqualTo(Duration.ofMinutes(2));
    }

    @Test
    void anOperatorsWordToOneRelayMakesAllTryAgain() {
        here.go().refused();
        there.looks().waiting();
        clock.pass(Duration.ofSeconds(10));
        here.breaker.reset(ALICE.source());
        here.looks();
        assertThat(there.admit()).isInstanceOf(Wait.class);
        there.looks();
        assertThat(there.goneOn).hasValue(1);
        there.go().succeeded();
        here.looks().go().succeeded();
    }

    @Test
    void eachGoesOnAloneWhileTheStorageIsAwayAndTellsAfterwards() {
        registers.away(true);
        here.go().refused();
        LoginPermit other = there.go();
        assertThat(here.looks().pause()).isEqualTo(MINUTE);
        other.close();
        registers.away(false);
        here.looks();
        there.looks();
        assertThat(there.pause()).isEqualTo(MINUTE);
    }

    @Test
    void aSuccessThatWasMadeMeanwhileIsWorthMoreThanARefusal() {
        registers.away(true);
        here.go().refused();
        there.go().succeeded();
        registers.away(false);
        for (Relay relay : List.of(here, there, here, there)) {
            relay.looks();
        }
        here.go().succeeded();
        there.go().succeeded();
    }

    @Test
    void aProvenAccountLogsInWithoutAsking() {
        here.go().succeeded();
        there.looks();
        int asked = registers.asked();
        for (Relay relay : List.of(here, there)) {
            LoginPermit first = relay.go();
            relay.go().succeeded();
            first.succeeded();
            relay.go().close();
        }
        assertThat(registers.asked()).isEqualTo(asked);
    }

    @Test
    void whoIsAloneAsksNobody() {
        LoginBreaker alone = new LoginBreaker(clock, Audit.NONE);
        ((Go) alone.admit(ALICE, PEER)).permit().refused();
        alone.resetAll();
        ((Go) alone.admit(ALICE, PEER)).permit().succeeded();
        assertThat(registers.asked()).isZero();
    }

    @Test
    void whoWaitsForItsTurnGetsItWhenTheOtherRelayHasSucceeded() {
        LoginPermit first = here.go();
        List<CompletableFuture<Admission>> waiters = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            waiters.add(patiently(there));
        }
        await().until(() -> there.admit() instanceof Wait);
        first.succeeded();
        there.looks();
        waiters.forEach(waiter -> assertThat(waiter.join()).isInstanceOf(Go.class));
    }

    @Test
    void whoWaitsForItsTurnIsSentAwayWhenTheOtherRelayIsRefused() {
        LoginPermit first = here.go();
        List<CompletableFuture<Admission>> waiters = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            waiters.add(patiently(there));
        }
        await().until(() -> there.admit() instanceof Wait);
        first.refused();
        there.looks();
        waiters.forEach(waiter -> assertThat(waiter.join()).isInstanceOf(Wait.class));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aWrongPasswordCostsTwoLoginsInAnIntervalHoweverManyRelaysTry(long seed) {
        Random random = new Random(seed);
        List<Relay> relays = List.of(here, there, new Relay(), new Relay());
        Instant end = clock.instant().plus(Duration.ofHours(12));
        Optional<LoginPermit> out = Optional.empty();
        int refused = 0;
        while (clock.instant().isBefore(end)) {
            // Three steps of the longest are less than a relay has to make its login.
            for (int step = 0; step < 3; step++) {
                clock.pass(Duration.ofMillis(random.nextInt(9_000)));
                Relay relay = relays.get(random.nextInt(relays.size()));
                switch (random.nextInt(6)) {
                    case 0 -> relay.breaker.resetAll();
                    case 1, 2, 3 -> relay.looks();
                    default -> {
                        if (relay.admit() instanceof Go(LoginPermit permit)) {
                            assertThat(out).as("tried by two at once").isEmpty();
                            out = Optional.of(permit);
                        }
                    }
                }
            }
            if (out.isPresent() && random.nextInt(3) > 0) {
                out.get().refused();
                refused++;
            }
            out.ifPresent(LoginPermit::close);
            out = Optional.empty();
        }
        // After 1, 2, 5, 15 and 30 minutes, and eleven hours.
        assertThat(refused).isBetween(10, 2 * (1 + 5 + 11));
    }

    private static LongStream seeds() {
        return LongStream.range(0, 40);
    }

    @Test
    void wordsThatAreNotUnderstoodHoldNobodyUp() {
        here.go().refused();
        String name = new LoginAccount(ALICE, PEER).name();
        long revision = read(name);
        here.cluster.put("breaker", name, new byte[] {'2', ' ', 0, -1}, revision, Duration.ofHours(1));
        assertThat(here.looks().pause()).isEqualTo(MINUTE);
        there.looks().go().refused();
        assertThat(there.pause()).isEqualTo(MINUTE);
    }

    @Test
    void whatIsHeardOfAccountsThatNobodyAsksForIsBounded() {
        for (int i = 0; i < 10_100; i++) {
            ((Go) here.breaker.admit(identity("tag-" + i), PEER)).permit().refused();
        }
        there.looks();
        assertThat(there.breaker.obstacle(identity("tag-10099"), PEER)).isPresent();
        assertThat(there.breaker.states()).hasSize(1);
    }

    @Test
    @DisplayName("names of accounts differ wherever a part of them does")
    void namesDiffer() {
        List<LoginAccount> accounts = List.of(
                account("a", null, "bc", "1", PEER),
                account("ab", null, "c", "1", PEER),
                account("a", "", "bc", "1", PEER),
                account("a", "x", "bc", "1", PEER),
                account("a", null, "bc1", "", PEER),
                account("a", null, "bc", "1", new Endpoint("mx.example", 25)));
        assertThat(accounts.stream().map(LoginAccount::name).distinct()).hasSameSizeAs(accounts);
        assertThat(accounts).allSatisfy(account -> assertThat(account.name()).matches("[0-9a-f]{64}"));
    }

    private static LoginAccount account(
            String user, String authorization, String source, String version, Endpoint peer) {
        return new LoginAccount(
                new AuthIdentity(user, Optional.ofNullable(authorization), source, new CredentialVersion(version)),
                peer);
    }

    private long read(String name) {
        try {
            return registers.read("breaker", name).orElseThrow().revision();
        } catch (java.io.IOException away) {
            throw new AssertionError(away);
        }
    }

    /** Two logins of each relay that are out, of an account that was in good order. */
    private List<LoginPermit> proven(String version) {
        AuthIdentity identity = identity(version);
        ((Go) here.breaker.admit(identity, PEER)).permit().succeeded();
        there.looks();
        List<LoginPermit> out = new ArrayList<>();
        for (Relay relay : List.of(here, there)) {
            for (int lane = 0; lane < 2; lane++) {
                out.add(((Go) relay.breaker.admit(identity, PEER)).permit());
            }
            assertThat(relay.breaker.admit(identity, PEER)).isInstanceOf(Wait.class);
        }
        return out;
    }

    /** What so many threads of each relay are permitted at once. */
    private List<LoginPermit> rush(int threads) throws InterruptedException {
        List<LoginPermit> permits = new CopyOnWriteArrayList<>();
        CountDownLatch start = new CountDownLatch(1);
        List<Thread> all = new ArrayList<>();
        for (int i = 0; i < threads * 2; i++) {
            Relay relay = i % 2 == 0 ? here : there;
            all.add(Thread.startVirtualThread(() -> {
                try {
                    start.await();
                } catch (InterruptedException stopped) {
                    throw new AssertionError(stopped);
                }
                if (relay.admit() instanceof Go(LoginPermit permit)) {
                    permits.add(permit);
                }
            }));
        }
        start.countDown();
        for (Thread thread : all) {
            thread.join();
        }
        return permits;
    }

    /** Settles what it is permitted. */
    private CompletableFuture<Admission> patiently(Relay relay) {
        CompletableFuture<Admission> done = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            try {
                Admission admission = relay.breaker.admit(ALICE, PEER, Duration.ofSeconds(50));
                if (admission instanceof Go(LoginPermit permit)) {
                    permit.succeeded();
                }
                done.complete(admission);
            } catch (Throwable failure) {
                done.completeExceptionally(failure);
            }
        });
        return done;
    }

    private static AuthIdentity identity(String version) {
        return new AuthIdentity("alice", Optional.empty(), "vault:relay", new CredentialVersion(version));
    }
}
