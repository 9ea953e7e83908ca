// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postern.core.TestClock;
import org.postern.core.audit.Audit;
import org.postern.core.auth.LoginBreaker.Admission;
import org.postern.core.auth.LoginBreaker.Admission.Go;
import org.postern.core.auth.LoginBreaker.Admission.Wait;
import org.postern.spi.credential.AuthIdentity;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.CredentialVersion;

@Timeout(60)
class LoginBreakerTest {

    private static final Endpoint PEER = new Endpoint("mx.example", 587);
    private static final AuthIdentity ALICE = identity("v1");

    private final TestClock clock = new TestClock();
    private final LoginBreaker breaker = new LoginBreaker(clock, Audit.NONE);

    @Test
    void probesAfterOneTwoFiveFifteenThirtyAndThenEverySixtyMinutes() {
        go().refused();
        for (int minutes : new int[] {1, 2, 5, 15, 30, 60, 60, 60}) {
            Wait wait = waiting();
            assertThat(Duration.between(clock.instant(), wait.until())).isEqualTo(Duration.ofMinutes(minutes));
            clock.pass(Duration.ofMinutes(minutes).minusSeconds(1));
            assertThat(admit()).isInstanceOf(Wait.class);
            clock.pass(Duration.ofSeconds(1));
            go().refused();
        }
    }

    @Test
    void namesIdentityAndEndpointInTheReason() {
        go().refused();
        assertThat(waiting().reason())
                .isEqualTo("login of 'alice' at mx.example:587 was refused once; the next try is due at "
                        + clock.instant().plusSeconds(60));
    }

    @Test
    void closesWhenAProbeSucceeds() {
        go().refused();
        clock.pass(Duration.ofMinutes(1));
        go().succeeded();
        go().succeeded();
        go().refused();
        assertThat(Duration.between(clock.instant(), waiting().until())).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void sendsOneProbeAtATimeForAThousandThreads() throws Exception {
        go().refused();
        clock.pass(Duration.ofMinutes(1));
        List<LoginPermit> permits = rush(1_000);
        assertThat(permits).hasSize(1);
        permits.getFirst().refused();
        assertThat(rush(1_000)).isEmpty();
    }

    @Test
    void startsWithOneLoginForAThousandThreads() throws Exception {
        assertThat(rush(1_000)).hasSize(1);
    }

    @Test
    void costsTwoLoginsWhenAWorkingPasswordTurnsWrong() throws Exception {
        go().succeeded();
        List<LoginPermit> permits = rush(1_000);
        assertThat(permits).hasSize(2);
        permits.forEach(LoginPermit::refused);
        assertThat(Duration.between(clock.instant(), waiting().until())).isEqualTo(Duration.ofMinutes(1));
        breaker.resetAll();
        assertThat(admit()).isInstanceOf(Wait.class);
        clock.pass(Duration.ofMinutes(1));
        go().refused();
        assertThat(Duration.between(clock.instant(), waiting().until())).isEqualTo(Duration.ofMinutes(2));
    }

    @Test
    void probesAtOnceOnNewsButNoMoreThanTwiceInAnInterval() {
        go().refused();
        clock.pass(Duration.ofSeconds(10));
        breaker.reset(new CredentialRef("relay"));
        go().refused();
        Instant regular = waiting().until();
        assertThat(Duration.between(clock.instant(), regular)).isEqualTo(Duration.ofSeconds(50));
        for (int storm = 0; storm < 100; storm++) {
            breaker.reset(new CredentialRef("relay"));
            breaker.resetAll();
            assertThat(admit()).isInstanceOf(Wait.class);
        }
        clock.pass(Duration.ofSeconds(50));
        go().refused();
        assertThat(Duration.between(clock.instant(), waiting().until())).isEqualTo(Duration.ofMinutes(2));
        breaker.reset(new CredentialRef("relay"));
        go().succeeded();
        assertThat(admit()).isInstanceOf(Go.class);
    }

    @Test
    void leavesOthersAloneOnNewsOfOneCredential() {
        go().refused();
        breaker.reset(new CredentialRef("elay"));
        breaker.reset(new CredentialRef("other"));
        assertThat(admit()).isInstanceOf(Wait.class);
    }

    @Test
    void countsIdentitiesVersionsAndEndpointsApart() {
        go().refused();
        assertThat(breaker.admit(identity("v2"), PEER)).isInstanceOf(Go.class);
        assertThat(breaker.admit(ALICE, new Endpoint("mx.example", 25))).isInstanceOf(Go.class);
        assertThat(breaker.admit(ALICE, new Endpoint("MX.example.", 587))).isInstanceOf(Wait.class);
    }

    @Test
    void backsOffFromThirtySecondsToTenMinutesOnPassingTrouble() {
        for (long seconds : new long[] {30, 60, 120, 240, 480, 600, 600}) {
            go().failedTransiently();
            assertThat(Duration.between(clock.instant(), waiting().until())).hasSeconds(seconds);
            clock.pass(Duration.ofSeconds(seconds));
        }
        go().succeeded();
        go().failedTransiently();
        assertThat(Duration.between(clock.instant(), waiting().until())).hasSeconds(30);
    }

    @Test
    void keepsTheRefusalInMindWhenAProbeFailsInPassing() {
        go().refused();
        clock.pass(Duration.ofMinutes(1));
        go().failedTransiently();
        assertThat(Duration.between(clock.instant(), waiting().until())).hasSeconds(30);
        clock.pass(Duration.ofSeconds(30));
        go().refused();
        assertThat(Duration.between(clock.instant(), waiting().until())).isEqualTo(Duration.ofMinutes(2));
    }

    @Test
    void freesTheTurnOfALoginThatWasNotMade() {
        LoginPermit permit = go();
        assertThat(admit()).isInstanceOf(Wait.class);
        permit.close();
        permit.refused();
        go().succeeded();
    }

    @Test
    void countsOnlyTheFirstResultOfAPermit() {
        LoginPermit permit = go();
        permit.succeeded();
        permit.refused();
        permit.close();
        assertThat(admit()).isInstanceOf(Go.class);
    }

    @Test
    void letsEveryWaiterThroughInTurn() throws Exception {
        LoginPermit first = go();
        AtomicInteger through = new AtomicInteger();
        List<CompletableFuture<Void>> waiters = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            waiters.add(patiently(permit -> {
                through.incrementAndGet();
                permit.succeeded();
            }));
        }
        first.succeeded();
        waiters.forEach(CompletableFuture::join);
        assertThat(through).hasValue(200);
    }

    @Test
    void sendsEveryWaiterAwayWhenTheLoginIsRefused() {
        LoginPermit first = go();
        AtomicInteger through = new AtomicInteger();
        List<CompletableFuture<Void>> waiters = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            waiters.add(patiently(permit -> through.incrementAndGet()));
        }
        await().until(() -> admit() instanceof Wait);
        first.refused();
        waiters.forEach(CompletableFuture::join);
        assertThat(through).hasValue(0);
    }

    @Test
    void waitsNoLongerThanItsPatience() throws Exception {
        go();
        assertThat(breaker.admit(ALICE, PEER, Duration.ofMillis(5))).isInstanceOf(Wait.class);
    }

    @Test
    void tellsAnObstacleWithoutTakingATurn() {
        assertThat(breaker.obstacle(ALICE, PEER)).isEmpty();
        LoginPermit first = go();
        assertThat(breaker.obstacle(ALICE, PEER)).isEmpty();
        first.refused();
        assertThat(breaker.obstacle(ALICE, PEER)).contains(waiting());
        clock.pass(Duration.ofMinutes(1));
        assertThat(breaker.obstacle(ALICE, PEER)).isEmpty();
        LoginPermit probe = go();
        assertThat(breaker.obstacle(ALICE, PEER)).isPresent();
        probe.succeeded();
        assertThat(breaker.obstacle(ALICE, PEER)).isEmpty();
    }

    @Test
    void forgetsWhatIsInOrderBeforeWhatIsOpen() {
        LoginBreaker small = new LoginBreaker(clock, Audit.NONE, 10);
        ((Go) small.admit(ALICE, PEER)).permit().refused();
        for (int i = 0; i < 1_000; i++) {
            ((Go) small.admit(identity("other" + i), PEER)).permit().succeeded();
        }
        assertThat(small.size()).isLessThanOrEqualTo(10);
        assertThat(small.admit(ALICE, PEER)).isInstanceOf(Wait.class);
    }

    private Admission admit() {
        return breaker.admit(ALICE, PEER);
    }

    private LoginPermit go() {
        return ((Go) admit()).permit();
    }

    private Wait waiting() {
        return (Wait) admit();
    }

    private List<LoginPermit> rush(int threads) throws InterruptedException {
        List<LoginPermit> permits = new java.util.concurrent.CopyOnWriteArrayList<>();
        CountDownLatch start = new CountDownLatch(1);
        List<Thread> all = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            all.add(Thread.startVirtualThread(() -> {
                awaitStart(start);
                if (admit() instanceof Go(LoginPermit permit)) {
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

    private CompletableFuture<Void> patiently(java.util.function.Consumer<LoginPermit> use) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            try {
                if (breaker.admit(ALICE, PEER, Duration.ofSeconds(30)) instanceof Go(LoginPermit permit)) {
                    use.accept(permit);
                }
                done.complete(null);
            } catch (Throwable failure) {
                done.completeExceptionally(failure);
            }
        });
        return done;
    }

    private static void awaitStart(CountDownLatch start) {
        try {
            start.await();
        } catch (InterruptedException stopped) {
            throw new AssertionError(stopped);
        }
    }

    private static AuthIdentity identity(String version) {
        return new AuthIdentity("alice", Optional.empty(), "vault:relay", new CredentialVersion(version));
    }
}
