// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.postern.core.TestClock;
import org.postern.core.auth.StoreRegistry.Limits;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.LookupAttribute;
import org.postern.spi.credential.PasswordCredential;
import org.postern.spi.credential.Secret;
import org.postern.spi.credential.SecretWrapping;
import org.postern.spi.credential.Validity;

/** How long answers of stores are kept, and what they stand in for. */
@Timeout(180)
class KeptAnswersTest {

    private static final Duration CACHE_TIME = Duration.ofSeconds(60);
    private static final Duration STALE = Duration.ofHours(24);
    private static final Duration LONG = Duration.ofSeconds(20);

    private final TestClock clock = new TestClock();
    private final StoreRegistry registry = new StoreRegistry(new Limits(LONG, 64, LONG, 50_000), clock, new Random(4));
    private final FakeStore store = new FakeStore("vault").holds("relay", credential("alice", "one", "1"));

    @AfterEach
    void close() {
        store.gate.countDown();
        registry.close();
    }

    private static PasswordCredential credential(String user, String password, String version) {
        return credential(user, password, version, Validity.UNKNOWN);
    }

    private static PasswordCredential credential(String user, String password, String version, Validity validity) {
        return new PasswordCredential(
                user, Secret.of(password), new CredentialVersion(version), Optional.empty(), Set.of(), validity);
    }

    private StoreAnswer ask(String key) throws InterruptedException {
        return registry.lookup(new StoreQuery(List.of(), new CredentialRef(key), CACHE_TIME, STALE));
    }

    /** User and password, or the reason. */
    private String said(String key) throws InterruptedException {
        return switch (ask(key)) {
            case StoreAnswer.Found found -> {
                PasswordCredential it = (PasswordCredential) found.credential();
                try (it) {
                    yield it.user() + "/" + it.password().reveal(String::new);
                }
            }
            case StoreAnswer.Nothing nothing -> nothing.reason();
        };
    }

    @Test
    void areUsedWithoutAskingWhileTheyAreFresh() throws Exception {
        registry.bind(store, 1, 1);
        for (int i = 0; i < 100; i++) {
            assertThat(said("relay")).isEqualTo("alice/one");
        }
        clock.pass(CACHE_TIME.dividedBy(2).minusSeconds(1));
        assertThat(said("relay")).isEqualTo("alice/one");
        assertThat(store.calls).hasValue(1);
    }

    @Test
    void areAskedAnewInTheBackgroundSoThatNobodyWaits() throws Exception {
        registry.bind(store, 1, 1);
        said("relay");
        store.gate = new CountDownLatch(1);
        store.holds("relay", credential("alice", "two", "2"));
        clock.pass(CACHE_TIME);
        assertThat(said("relay")).as("while the store is being asked").isEqualTo("alice/one");
        await().untilAtomic(store.calls, org.hamcrest.Matchers.equalTo(2));
        assertThat(said("relay")).isEqualTo("alice/one");
        store.gate.countDown();
        await().until(() -> said("relay").equals("alice/two"));
        assertThat(store.calls).hasValue(2);
    }

    @Test
    void areWaitedForOnlyWhereTheyAreOfTwiceTheAge() throws Exception {
        registry.bind(store, 1, 1);
        said("relay");
        store.holds("relay", credential("alice", "two", "2"));
        clock.pass(CACHE_TIME.multipliedBy(2));
        assertThat(said("relay")).isEqualTo("alice/two");
    }

    @Test
    void areNotUsedOnceTheStoreHasReportedAChange() throws Exception {
        registry.bind(store, 1, 1);
        said("relay");
        store.holds("relay", credential("alice", "two", "2"));
        registry.changed(new CredentialRef("relay"));
        assertThat(said("relay")).isEqualTo("alice/two");
        store.holds("relay", credential("alice", "three", "3"));
        registry.storeChanged("VAULT");
        assertThat(said("relay")).isEqualTo("alice/three");
    }

    @Test
    @DisplayName(
            "C2-01: a store that cannot answer holds up nothing that it answered before, for as long as the scope says")
    void standInForAStoreThatCannotAnswer() throws Exception {
        registry.bind(store, 1, 1);
        said("relay");
        store.sealed = true;
        registry.storeChanged("vault");
        assertThat(said("relay")).isEqualTo("alice/one");
        assertThat(said("other")).isEqualTo("store vault: is sealed");
        clock.pass(STALE.minusSeconds(1));
        assertThat(said("relay")).isEqualTo("alice/one");
        clock.pass(Duration.ofSeconds(2));
        assertThat(said("relay")).isEqualTo("store vault: is sealed");

        store.sealed = false;
        clock.pass(KeptAnswer.PAUSE);
        assertThat(said("relay")).isEqualTo("alice/one");
    }

    @Test
    void leaveAStoreAloneForAMomentAfterItFailed() throws Exception {
        store.sealed = true;
        registry.bind(store, 1, 1);
        for (int i = 0; i < 100; i++) {
            assertThat(said("relay")).isEqualTo("store vault: is sealed");
        }
        assertThat(store.calls).hasValue(1);
        clock.pass(KeptAnswer.PAUSE);
        said("relay");
        assertThat(store.calls).hasValue(2);
    }

    @Test
    void serveThoseWhoWaitedForThemEvenWhereNoneIsKeptAndNotForEver() throws Exception {
        registry.bind(store, 1, 1);
        StoreQuery waited = keepingNothing(Optional.of(clock.instant()));
        registry.lookup(keepingNothing(Optional.empty()));
        clock.pass(Duration.ofSeconds(59));
        assertThat(registry.lookup(waited)).isInstanceOf(StoreAnswer.Found.class);
        assertThat(store.calls).hasValue(1);
        clock.pass(Duration.ofSeconds(1));
        registry.lookup(waited);
        assertThat(store.calls).hasValue(2);
    }

    @Test
    void areReasonsForThoseWhoWaitedToWaitNoLonger() throws Exception {
        store.sealed = true;
        registry.bind(store, 1, 1);
        StoreQuery waited = keepingNothing(Optional.of(clock.instant()));
        registry.lookup(keepingNothing(Optional.empty()));
        clock.pass(KeptAnswer.PAUSE);
        assertThat(registry.lookup(waited)).isEqualTo(new StoreAnswer.Unavailable("store vault: is sealed"));
        assertThat(store.calls).hasValue(1);
        registry.lookup(keepingNothing(Optional.empty()));
        assertThat(store.calls).hasValue(2);
    }

    private static StoreQuery keepingNothing(Optional<Instant> since) {
        return new StoreQuery(List.of(), new CredentialRef("relay"), Duration.ZERO, Duration.ZERO, since);
    }

    @Test
    @DisplayName("C2-03: an entry that is missing is a reason with store and key, and is asked for again soon")
    void believeOnlyBrieflyThatThereIsNothing() throws Exception {
        registry.bind(store, 1, 1);
        for (int i = 0; i < 100; i++) {
            assertThat(said("nobody")).isEqualTo("store vault: no entry 'nobody'");
        }
        assertThat(store.calls).hasValue(1);
        store.holds("nobody", credential("bob", "pw", "1"));
        clock.pass(KeptAnswer.BRIEFLY.multipliedBy(2));
        assertThat(said("nobody")).isEqualTo("bob/pw");
        store.entries.remove("nobody");
        registry.changed(new CredentialRef("nobody"));
        assertThat(said("nobody")).as("gone for good").isEqualTo("store vault: no entry 'nobody'");
    }

    @Test
    @DisplayName("C2-04: ten thousand messages that wait for one credential are one question")
    void areOneQuestionForAllWhoWait() throws Exception {
        store.gate = new CountDownLatch(1);
        registry.bind(store, 1, 1);
        ConcurrentLinkedQueue<String> answers = new ConcurrentLinkedQueue<>();
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            callers.add(Thread.startVirtualThread(() -> {
                try {
                    answers.add(said("relay"));
                } catch (InterruptedException stopped) {
                    Thread.currentThread().interrupt();
                }
            }));
        }
        await().untilAtomic(store.calls, org.hamcrest.Matchers.equalTo(1));
        store.gate.countDown();
        for (Thread caller : callers) {
            caller.join();
        }
        assertThat(answers).hasSize(10_000).containsOnly("alice/one");
        assertThat(store.calls).hasValue(1);
    }

    @Test
    @DisplayName("C2-06: a credential that has ended is asked for again and not used from memory")
    void areNotUsedBeyondTheEndOfTheCredential() throws Exception {
        store.holds(
                "relay",
                credential("alice", "one", "1", Validity.until(clock.instant().plusSeconds(10))));
        registry.bind(store, 1, 1);
        said("relay");
        store.holds("relay", credential("alice", "two", "2"));
        clock.pass(Duration.ofSeconds(11));
        assertThat(said("relay")).isEqualTo("alice/two");
    }

    @Test
    void doNotStandInOnceTheCredentialHasEnded() throws Exception {
        store.holds(
                "relay",
                credential("alice", "one", "1", Validity.until(clock.instant().plusSeconds(10))));
        registry.bind(store, 1, 1);
        said("relay");
        store.sealed = true;
        clock.pass(Duration.ofSeconds(11));
        assertThat(said("relay")).isEqualTo("store vault: is sealed");
    }

    @Test
    @DisplayName("C2-10: a store that is being replaced holds up nothing that it answered before")
    void standInForAStoreThatIsAway() throws Exception {
        registry.bind(store, 1, 1);
        said("relay");
        registry.unbind(1);
        assertThat(said("relay")).isEqualTo("alice/one");
        assertThat(said("other")).isEqualTo("no credential store is installed");

        FakeStore newer = new FakeStore("vault").holds("relay", credential("alice", "two", "2"));
        newer.gate = new CountDownLatch(1);
        registry.bind(newer, 1, 2);
        assertThat(said("relay")).as("while the new one is being asked").isEqualTo("alice/one");
        newer.gate.countDown();
        await().until(() -> said("relay").equals("alice/two"));
    }

    @Test
    @DisplayName("C2-11: a store replaced under load answers each question by the old or the new one, and none by half")
    void areNeverMixedWhileAStoreIsReplaced() throws Exception {
        registry.bind(store, 1, 1);
        said("relay");
        List<String> odd = new CopyOnWriteArrayList<>();
        AtomicInteger asked = new AtomicInteger();
        CountDownLatch enough = new CountDownLatch(1);
        List<Thread> askers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            askers.add(Thread.startVirtualThread(() -> {
                try {
                    while (enough.getCount() > 0) {
                        String said = said("relay");
                        asked.incrementAndGet();
                        if (!said.equals("alice/one") && !said.matches("user-(\\d+)/password-\\1")) {
                            odd.add(said);
                        }
                    }
                } catch (InterruptedException stopped) {
                    Thread.currentThread().interrupt();
                }
            }));
        }
        for (int i = 2; i < 300; i++) {
            registry.unbind(i - 1);
            registry.bind(
                    new FakeStore("vault").holds("relay", credential("user-" + i, "password-" + i, "v" + i)), 1, i);
            clock.pass(Duration.ofMillis(100));
        }
        await().untilAtomic(asked, org.hamcrest.Matchers.greaterThan(1_000));
        enough.countDown();
        for (Thread asker : askers) {
            asker.join();
        }
        assertThat(odd).isEmpty();
    }

    static List<PasswordCredential> badValues() {
        return List.of(
                credential("alice", "", "1"),
                credential("alice", "x".repeat(10_000_000), "1"),
                credential("alice", "canary\r\nRCPT TO:<x@y>", "1"),
                credential("alice", "canary\n", "1"),
                credential("alice", "canary\u0000", "1"),
                new PasswordCredential(
                        "alice",
                        Secret.copyOf(new byte[] {'c', 'a', 'n', 'a', 'r', 'y', (byte) 0xFF}),
                        new CredentialVersion("1"),
                        Optional.empty(),
                        Set.of()),
                credential("al\u0000ice", "canary", "1"),
                credential("a".repeat(2_000), "canary", "1"),
                credential("alice", "canary", "1\r\n2"));
    }

    @ParameterizedTest(name = "{index}")
    @MethodSource("badValues")
    @DisplayName(
            "C2-13: a value that can be nobody's credential is refused with store and reason, and no other store is asked")
    void areNoneWhereTheValueCannotBeUsed(PasswordCredential bad) throws Exception {
        FakeStore second = new FakeStore("second").holds("bad", credential("other", "pw", "1"));
        registry.bind(store.holds("bad", bad), 5, 1);
        registry.bind(second, 1, 2);
        assertThat(ask("bad")).isInstanceOf(StoreAnswer.Unusable.class);
        assertThat(said("bad")).startsWith("store vault: holds a").doesNotContain("canary");
        assertThat(second.calls).hasValue(0);
    }

    @Test
    void areKeptApartWhereAStoreWantsToKnowMoreOfTheMessage() throws Exception {
        store.attributes = Set.of(LookupAttribute.DOMAIN);
        registry.bind(store, 1, 1);
        for (String domain : List.of("a.example", "b.example", "a.example")) {
            for (String sender : List.of("x@example.org", "y@example.org")) {
                registry.lookup(new StoreQuery(
                        List.of(),
                        new CredentialRef(
                                "relay", Map.of(LookupAttribute.DOMAIN, domain, LookupAttribute.SENDER, sender)),
                        CACHE_TIME,
                        STALE));
            }
        }
        assertThat(store.asked).hasSize(2);
        registry.changed(new CredentialRef("relay"));
        registry.lookup(new StoreQuery(
                List.of(), new CredentialRef("relay", Map.of(LookupAttribute.DOMAIN, "a.example")), CACHE_TIME, STALE));
        assertThat(store.asked)
                .as("a change of the key is one for every domain")
                .hasSize(3);
    }

    @Test
    @DisplayName("C2-20: a thousand answers of the same second are not asked anew in the same second")
    void areAskedAnewOneAfterTheOther() throws Exception {
        for (int i = 0; i < 1_000; i++) {
            store.holds("key-" + i, credential("user", "pw", "1"));
        }
        registry.bind(store, 1, 1);
        for (int i = 0; i < 1_000; i++) {
            said("key-" + i);
        }
        List<Integer> perSecond = new ArrayList<>();
        int before = store.calls.get();
        for (int second = 0; second < 150; second++) {
            for (int tick = 0; tick < 20; tick++) {
                clock.pass(Duration.ofMillis(50));
                for (int i = tick % 4; i < 1_000; i += 4) {
                    assertThat(ask("key-" + i)).isInstanceOf(StoreAnswer.Found.class);
                }
            }
            int now = settled();
            perSecond.add(now - before);
            before = now;
        }
        assertThat(perSecond).allSatisfy(count -> assertThat(count).isLessThanOrEqualTo(20));
        assertThat(before).as("all of them, more than once").isGreaterThan(3_000);
    }

    /** Once what was asked in the background has been answered. */
    private int settled() {
        int[] last = {-1};
        await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1)).until(() -> {
            int now = store.calls.get();
            boolean same = now == last[0] && registry.isQuiet();
            last[0] = now;
            return same;
        });
        return last[0];
    }

    @Test
    void areBoundedAndTheLeastUsedGoFirst() throws Exception {
        StoreRegistry small = new StoreRegistry(new Limits(LONG, 64, LONG, 10), clock, new Random(4));
        try (small) {
            small.bind(store, 1, 1);
            for (int i = 0; i < 30; i++) {
                store.holds("key-" + i, credential("user", "pw", "1"));
                small.lookup(new StoreQuery(List.of(), new CredentialRef("key-" + i), CACHE_TIME, STALE));
                small.lookup(new StoreQuery(List.of(), new CredentialRef("key-0"), CACHE_TIME, STALE));
            }
            assertThat(store.asked).filteredOn(ref -> ref.key().equals("key-0")).hasSize(1);
            small.lookup(new StoreQuery(List.of(), new CredentialRef("key-5"), CACHE_TIME, STALE));
            assertThat(store.asked).filteredOn(ref -> ref.key().equals("key-5")).hasSize(2);
        }
    }

    @Test
    void tellWhoKeepsSessionsOfAVersionThatWasReplaced() throws Exception {
        List<String> news = new CopyOnWriteArrayList<>();
        registry.onReplaced((reference, old) -> news.add(reference + " " + old.version()));
        registry.bind(store, 1, 1);
        said("relay");
        registry.changed(new CredentialRef("relay"));
        said("relay");
        assertThat(news).as("the same version").isEmpty();
        store.holds("relay", credential("alice", "two", "2"));
        registry.changed(new CredentialRef("relay"));
        said("relay");
        await().until(() -> news.equals(List.of("vault:relay 1")));
    }

    @Test
    void areWipedInMemoryWhereASecretIsKeptNoLonger() {
        SealedCredential sealed = SealedCredential.of(credential("alice", "one", "1"), new SecretWrapping());
        assertThat(((PasswordCredential) sealed.open().orElseThrow()).password())
                .isEqualTo(Secret.of("one"));
        sealed.wipe();
        assertThat(sealed.open()).isEmpty();
        assertThat(sealed.toString()).doesNotContain("one");
    }
}
