// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postern.core.auth.StoreRegistry.Limits;
import org.postern.spi.credential.Credential;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.CredentialStore;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.Lookup;
import org.postern.spi.credential.PasswordCredential;
import org.postern.spi.credential.Secret;
import org.slf4j.LoggerFactory;

@Timeout(30)
class StoreRegistryTest {

    private static final CredentialRef REF = new CredentialRef("relay");
    private static final Duration LONG = Duration.ofSeconds(20);

    private StoreRegistry registry = registry(LONG, 64, LONG);
    private final FakeStore store = new FakeStore("vault").holds("relay", Auths.credential("alice", "pw"));

    @AfterEach
    void close() {
        store.gate.countDown();
        registry.close();
    }

    @Test
    void asksTheHighestRankingFirstAndTheNextWhereItHasNothing() throws Exception {
        FakeStore lower = new FakeStore("file").holds("other", Auths.credential("bob", "pw"));
        registry.bind(lower, 1, 1);
        registry.bind(store, 5, 2);
        assertThat(registry.names()).containsExactly("vault", "file");
        assertThat(user(lookup(REF))).isEqualTo("alice of vault");
        assertThat(lower.calls).hasValue(0);
        assertThat(user(lookup(new CredentialRef("other")))).isEqualTo("bob of file");
    }

    @Test
    void saysWhatEachStoreSaidWhereNoneHasIt() throws Exception {
        registry.bind(store, 5, 1);
        registry.bind(new FakeStore("file"), 1, 2);
        assertThat(lookup(new CredentialRef("nobody")))
                .isEqualTo(new StoreAnswer.Missing("store vault: no entry 'nobody'; store file: no entry 'nobody'"));
    }

    @Test
    void isUnavailableWithoutAStore() throws Exception {
        assertThat(lookup(REF)).isEqualTo(new StoreAnswer.Unavailable("no credential store is installed"));
    }

    @Test
    @DisplayName("C2-14: a store that throws does not keep the next one from being asked")
    void isNotDisturbedByAStoreThatThrowsAndRepeatsNothingOfItsText() throws Exception {
        registry.bind(throwing(new IllegalStateException("canary-271828")), 9, 1);
        registry.bind(store, 5, 2);
        assertThat(user(lookup(REF))).isEqualTo("alice of vault");
        StoreAnswer answer = lookup(new CredentialRef("nobody"));
        assertThat(answer).isInstanceOf(StoreAnswer.Unavailable.class);
        assertThat(answer.toString())
                .contains("store broken: failed with IllegalStateException")
                .doesNotContain("canary-271828");
    }

    @Test
    @DisplayName("C2-14: linkage errors are the store's failure, an exhausted memory is not swallowed")
    void takesLinkageErrorsAndNothingAsUnavailableButThrowsWhatNobodySurvives() throws Exception {
        registry.bind(throwing(new NoClassDefFoundError("gone")), 9, 1);
        assertThat(lookup(REF)).isInstanceOf(StoreAnswer.Unavailable.class);
        registry.unbind(1);
        registry.bind(answering(null), 9, 2);
        assertThat(lookup(REF).toString()).contains("nothing at all");
        registry.unbind(2);
        registry.bind(throwing(new OutOfMemoryError("pretended")), 9, 3);
        assertThatThrownBy(() -> lookup(REF)).isInstanceOf(OutOfMemoryError.class);
    }

    @Test
    @DisplayName(
            "C2-14: whatever a store throws that is its own failure, the next one is asked, and no thread but its own ends")
    void isNotDisturbedByErrorsOfAStore() throws Exception {
        registry.bind(store, 5, 1);
        List<CredentialStore> broken = List.of(
                throwing(new AssertionError("canary-271828")),
                throwing(new Error("canary-271828")),
                throwing(threadDeath()),
                throwing(new IncompatibleClassChangeError("of a bundle that was refreshed")),
                throwing(new ExceptionInInitializerError("canary-271828")),
                named(StoreRegistryTest::withoutEnd));
        for (CredentialStore one : broken) {
            registry.bind(one, 9, 2);
            assertThat(user(lookup(REF))).isEqualTo("alice of vault");
            assertThat(lookup(new CredentialRef("nobody")).toString())
                    .contains("store broken: failed with ")
                    .doesNotContain("canary-271828");
            registry.unbind(2);
        }
    }

    @SuppressWarnings("removal")
    private static Error threadDeath() {
        return new ThreadDeath();
    }

    private static Lookup withoutEnd(CredentialRef ref) {
        return new Lookup.NoSuchCredential(withoutEnd(ref).toString());
    }

    @Test
    void putsWhatAStoreSaysOnOneLine() throws Exception {
        registry.bind(answering(new Lookup.StoreUnavailable("sealed\r\n250 OK" + "x".repeat(10_000))), 1, 1);
        assertThat(((StoreAnswer.Unavailable) lookup(REF)).reason())
                .startsWith("store broken: sealed 250 OKxxx")
                .hasSizeLessThan(400);
    }

    @Test
    @DisplayName("C2-09: a store that never answers costs a lookup its deadline, before any peer is connected to")
    void givesUpOnAStoreThatIsLateAndInterruptsIt() throws Exception {
        registry = registry(Duration.ofMillis(50), 64, LONG);
        store.gate = new CountDownLatch(1);
        registry.bind(store, 1, 1);
        assertThat(lookup(REF)).isEqualTo(new StoreAnswer.Unavailable("store vault: gave no answer within 50 ms"));
        await().untilAtomic(store.interrupted, org.hamcrest.Matchers.equalTo(1));
    }

    @Test
    void wipesACredentialThatComesTooLate() throws Exception {
        registry = registry(Duration.ofMillis(50), 64, LONG);
        CountDownLatch gate = new CountDownLatch(1);
        PasswordCredential late = Auths.credential("alice", "pw");
        registry.bind(stubborn(gate, new Lookup.Found(late)), 1, 1);
        assertThat(lookup(REF)).isInstanceOf(StoreAnswer.Unavailable.class);
        gate.countDown();
        await().untilAsserted(() ->
                assertThatThrownBy(() -> late.password().copy()).isInstanceOf(IllegalStateException.class));
    }

    @Test
    @DisplayName(
            "C2-15: a store that ignores interrupts has so many calls and no more, and callers wait no longer than the deadline")
    void keepsCallersOfABusyStoreWaitingNoLongerThanTheDeadline() throws Exception {
        registry = registry(Duration.ofMillis(80), 2, LONG);
        CountDownLatch gate = new CountDownLatch(1);
        registry.bind(stubborn(gate, new Lookup.NoSuchCredential("nothing")), 1, 1);
        lookup(new CredentialRef("one"));
        lookup(new CredentialRef("two"));
        assertThat(lookup(new CredentialRef("three")).toString()).contains("busy: 2 lookups");
        gate.countDown();
        await().until(() -> lookup(REF) instanceof StoreAnswer.Missing);
    }

    @Test
    @DisplayName("C2-15: lookups that go on after they were told to stop are counted, and the log says so once")
    void countsLookupsThatGoOnAfterTheyWereToldToStop() throws Exception {
        registry = registry(Duration.ofMillis(50), 3, LONG);
        CountDownLatch gate = new CountDownLatch(1);
        Logger logger = (Logger) LoggerFactory.getLogger(AbandonedLookups.class);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        logger.addAppender(log);
        try {
            registry.bind(stubborn(gate, new Lookup.NoSuchCredential("nothing")), 1, 1);
            lookup(new CredentialRef("one"));
            lookup(new CredentialRef("two"));
            await().until(() -> registry.abandoned() == 2);
            assertThat(log.list).hasSize(1).first().satisfies(warning -> {
                assertThat(warning.getLevel()).isEqualTo(Level.WARN);
                assertThat(warning.getFormattedMessage())
                        .startsWith("credential store broken goes on with a lookup that it was told to stop: ")
                        .contains(" of its 3 turns are taken");
            });
        } finally {
            logger.detachAppender(log);
            gate.countDown();
        }
    }

    @Test
    void countsNoLookupThatEndsWhenItIsToldTo() throws Exception {
        registry = registry(Duration.ofSeconds(1), 64, LONG);
        CountDownLatch gate = new CountDownLatch(1);
        store.gate = new CountDownLatch(1);
        registry.bind(store, 9, 1);
        registry.bind(stubborn(gate, new Lookup.NoSuchCredential("nothing")), 5, 2);
        lookup(REF);
        await().until(() -> registry.abandoned() > 0);
        gate.countDown();
        assertThat(store.interrupted).hasValue(1);
        assertThat(registry.abandoned()).isEqualTo(1);
    }

    @Test
    @DisplayName("C2-15: a store that spins on as many threads as there are processors keeps no other from answering")
    void asksOtherStoresWhileOneSpinsOnEveryProcessor() throws Exception {
        int processors = Runtime.getRuntime().availableProcessors();
        registry = registry(LONG, processors, Duration.ZERO);
        AtomicInteger spinning = new AtomicInteger();
        AtomicBoolean enough = new AtomicBoolean();
        registry.bind(spinning(spinning, enough), 9, 1);
        registry.bind(store, 5, 2);
        try {
            for (int i = 0; i < processors; i++) {
                CredentialRef ref = new CredentialRef("spin " + i);
                asynchronously(new StoreQuery(List.of("broken"), ref, Duration.ZERO, Duration.ZERO));
            }
            await().untilAtomic(spinning, org.hamcrest.Matchers.equalTo(processors));
            StoreAnswer answer = registry.lookup(new StoreQuery(List.of("vault"), REF, Duration.ZERO, Duration.ZERO));
            assertThat(user(answer)).isEqualTo("alice of vault");
            assertThat(spinning).hasValue(processors);
        } finally {
            enough.set(true);
        }
    }

    @Test
    void keepsNobodyWaitingWhoComesInPassingAndTellsWhenThereIsAnAnswer() throws Exception {
        List<StoreQuestion> answered = new CopyOnWriteArrayList<>();
        registry.onAnswered(answered::add);
        store.gate = new CountDownLatch(1);
        registry.bind(store, 1, 1);
        NotAnswered wait = notAnswered(query(REF));
        assertThat(registry.isAsking(wait.question())).isTrue();
        assertThat(notAnswered(query(REF)).question()).isEqualTo(wait.question());
        assertThat(answered).isEmpty();
        store.gate.countDown();
        await().until(() -> answered.contains(wait.question()));
        assertThat(registry.isAsking(wait.question())).isFalse();
        assertThat(user(registry.lookupInPassing(comingBack(wait)))).isEqualTo("alice of vault");
        assertThat(store.calls)
                .as("what is kept for no time at all serves those who asked before it came")
                .hasValue(1);
        assertThat(user(lookup(REF))).isEqualTo("alice of vault");
        assertThat(store.calls).as("and nobody else").hasValue(2);
    }

    @Test
    void tellsThoseWhoComeBackThatTheStoreGaveNoAnswerInTime() throws Exception {
        registry = registry(Duration.ofMillis(200), 64, LONG);
        List<StoreQuestion> answered = new CopyOnWriteArrayList<>();
        registry.onAnswered(answered::add);
        store.gate = new CountDownLatch(1);
        registry.bind(store, 1, 1);
        NotAnswered wait = notAnswered(query(REF));
        await().until(() -> answered.contains(wait.question()));
        assertThat(registry.lookupInPassing(comingBack(wait)))
                .isEqualTo(new StoreAnswer.Unavailable("store vault: gave no answer within 200 ms"));
        assertThat(store.calls).hasValue(1);
    }

    @Test
    void sendsThoseWhoWaitBackToAskWhereTheStoreReportsAChange() throws Exception {
        List<StoreQuestion> answered = new CopyOnWriteArrayList<>();
        registry.onAnswered(answered::add);
        store.gate = new CountDownLatch(1);
        registry.bind(store, 1, 1);
        NotAnswered wait = notAnswered(query(REF));
        registry.changed(REF);
        assertThat(answered).containsExactly(wait.question());
        assertThat(notAnswered(comingBack(wait)).since()).isEqualTo(wait.since());
        await().untilAtomic(store.calls, org.hamcrest.Matchers.equalTo(2));
    }

    private NotAnswered notAnswered(StoreQuery query) {
        return catchThrowableOfType(NotAnswered.class, () -> registry.lookupInPassing(query));
    }

    private static StoreQuery comingBack(NotAnswered wait) {
        return new StoreQuery(List.of(), REF, Duration.ZERO, Duration.ZERO, Optional.of(wait.since()));
    }

    @Test
    void asksOnceForManyCallersAndGivesEachACopy() throws Exception {
        store.gate = new CountDownLatch(1);
        registry.bind(store, 1, 1);
        List<StoreAnswer> answers = new CopyOnWriteArrayList<>();
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            callers.add(Thread.startVirtualThread(() -> answers.add(join(REF))));
        }
        await().until(() -> callers.stream().allMatch(caller -> caller.getState() == Thread.State.WAITING));
        assertThat(store.calls).hasValue(1);
        store.gate.countDown();
        for (Thread caller : callers) {
            caller.join();
        }
        ((StoreAnswer.Found) answers.removeFirst()).credential().close();
        assertThat(answers)
                .hasSize(49)
                .allSatisfy(answer -> assertThat(password(answer)).isEqualTo(Secret.of("pw")));
        assertThat(store.calls).hasValue(1);
    }

    @Test
    void takesASecretThatWasWipedAlreadyForTheStoresFailure() throws Exception {
        Credential wiped = Auths.credential("alice", "pw");
        wiped.close();
        registry.bind(answering(new Lookup.Found(wiped)), 1, 1);
        assertThat(lookup(REF)).isInstanceOf(StoreAnswer.Unavailable.class);
    }

    @Test
    void sharesNoAnswerFromBeforeAChange() throws Exception {
        store.gate = new CountDownLatch(1);
        registry.bind(store, 1, 1);
        CompletableFuture<StoreAnswer> before = asynchronously(REF);
        await().untilAtomic(store.calls, org.hamcrest.Matchers.equalTo(1));
        registry.changed(REF);
        CompletableFuture<StoreAnswer> after = asynchronously(REF);
        await().untilAtomic(store.calls, org.hamcrest.Matchers.equalTo(2));
        CompletableFuture<StoreAnswer> anew = asynchronouslyAnew(REF);
        await().untilAtomic(store.calls, org.hamcrest.Matchers.equalTo(3));
        store.gate.countDown();
        assertThat(List.of(before.join(), after.join(), anew.join())).allMatch(StoreAnswer.Found.class::isInstance);
    }

    @Test
    @DisplayName("C2-10: a call that is out ends before the store leaves")
    void letsACallInFlightEndBeforeTheStoreLeaves() throws Exception {
        store.gate = new CountDownLatch(1);
        registry.bind(store, 1, 1);
        CompletableFuture<StoreAnswer> inFlight = asynchronously(REF);
        await().untilAtomic(store.calls, org.hamcrest.Matchers.equalTo(1));
        CompletableFuture<Void> departure =
                CompletableFuture.runAsync(() -> registry.unbind(1), Thread::startVirtualThread);
        await().until(() -> registry.names().isEmpty());
        assertThat(departure).isNotDone();
        store.gate.countDown();
        departure.join();
        assertThat(user(inFlight.join())).isEqualTo("alice of vault");
    }

    @Test
    void interruptsACallThatOutlastsTheDeparture() throws Exception {
        registry = registry(LONG, 64, Duration.ofMillis(20));
        store.gate = new CountDownLatch(1);
        registry.bind(store, 1, 1);
        CompletableFuture<StoreAnswer> inFlight = asynchronously(REF);
        await().untilAtomic(store.calls, org.hamcrest.Matchers.equalTo(1));
        registry.unbind(1);
        assertThat(inFlight.join()).isInstanceOf(StoreAnswer.Unavailable.class);
        assertThat(store.interrupted).hasValue(1);
    }

    @Test
    void letsAnInterruptedCallerGoWithoutHarmToTheOthers() throws Exception {
        store.gate = new CountDownLatch(1);
        registry.bind(store, 1, 1);
        AtomicReference<Throwable> seen = new AtomicReference<>();
        Thread impatient = Thread.ofVirtual().start(() -> {
            try {
                lookup(REF);
            } catch (InterruptedException stopped) {
                seen.set(stopped);
            }
        });
        await().untilAtomic(store.calls, org.hamcrest.Matchers.equalTo(1));
        CompletableFuture<StoreAnswer> other = asynchronously(REF);
        impatient.interrupt();
        impatient.join();
        assertThat(seen.get()).isInstanceOf(InterruptedException.class);
        store.gate.countDown();
        assertThat(user(other.join())).isEqualTo("alice of vault");
    }

    private static StoreRegistry registry(Duration deadline, int calls, Duration drain) {
        return new StoreRegistry(new Limits(deadline, calls, drain, 100), Clock.systemUTC(), new SecureRandom());
    }

    /** Without keeping answers: what is kept has tests of its own. */
    private static StoreQuery query(CredentialRef ref) {
        return new StoreQuery(List.of(), ref, Duration.ZERO, Duration.ZERO);
    }

    private StoreAnswer lookup(CredentialRef ref) throws InterruptedException {
        return registry.lookup(query(ref));
    }

    private CompletableFuture<StoreAnswer> asynchronously(CredentialRef ref) {
        return asynchronously(query(ref));
    }

    private CompletableFuture<StoreAnswer> asynchronously(StoreQuery query) {
        return run(() -> registry.lookup(query));
    }

    private CompletableFuture<StoreAnswer> asynchronouslyAnew(CredentialRef ref) {
        return run(() -> registry.lookupAnew(query(ref), new CredentialVersion("v1")));
    }

    private static CompletableFuture<StoreAnswer> run(Callable<StoreAnswer> question) {
        CompletableFuture<StoreAnswer> answer = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            try {
                answer.complete(question.call());
            } catch (Throwable failure) {
                answer.completeExceptionally(failure);
            }
        });
        return answer;
    }

    private StoreAnswer join(CredentialRef ref) {
        try {
            return lookup(ref);
        } catch (InterruptedException stopped) {
            throw new AssertionError(stopped);
        }
    }

    private static Secret password(StoreAnswer answer) {
        return ((PasswordCredential) ((StoreAnswer.Found) answer).credential()).password();
    }

    private static String user(StoreAnswer answer) {
        StoreAnswer.Found found = (StoreAnswer.Found) answer;
        return found.credential().user() + " of " + found.store();
    }

    private static CredentialStore throwing(Throwable failure) {
        return named(ref -> {
            if (failure instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) failure;
        });
    }

    private static CredentialStore answering(Lookup answer) {
        return named(ref -> answer);
    }

    /** Does not listen to interrupts. */
    private static CredentialStore stubborn(CountDownLatch gate, Lookup answer) {
        return named(ref -> {
            while (true) {
                try {
                    gate.await();
                    return answer;
                } catch (InterruptedException ignored) {
                    // That is what makes it stubborn.
                }
            }
        });
    }

    /** Neither blocks nor listens to interrupts. */
    private static CredentialStore spinning(AtomicInteger running, AtomicBoolean enough) {
        return named(ref -> {
            running.incrementAndGet();
            while (!enough.get()) {
                Thread.onSpinWait();
            }
            running.decrementAndGet();
            return new Lookup.NoSuchCredential("nothing");
        });
    }

    private interface Answering {
        Lookup lookup(CredentialRef ref);
    }

    private static CredentialStore named(Answering answering) {
        return new CredentialStore() {
            @Override
            public String name() {
                return "broken";
            }

            @Override
            public Lookup lookup(CredentialRef ref) {
                return answering.lookup(ref);
            }
        };
    }
}
