// SPDX-License-Identifier: Apache-2.0
package org.postern.core.engine;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.postern.core.engine.EngineRig.eventually;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postern.core.TestClock;
import org.postern.core.scope.OutboundSettings;
import org.postern.engine.QueueAction;
import org.postern.engine.QueueFilter;
import org.postern.engine.dto.QueueChange;
import org.postern.engine.dto.QueueEntry;
import org.postern.engine.dto.QueueEntry.State;
import org.postern.engine.dto.QueueView;
import org.postern.peer.MailPeer;
import org.postern.peer.ReceivedMessage;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.CredentialStore;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.Lookup;
import org.postern.spi.credential.PasswordCredential;
import org.postern.spi.credential.Secret;
import org.postern.spi.mail.DeliveryOutcome.Deferred;
import org.postern.spi.mail.DeliveryOutcome.Delivered;
import org.postern.spi.mail.DeliveryOutcome.Held;
import org.postern.spi.policy.OutboundAuthSettings;

/** Mail that waits for a store beside mail that does not, under one binding and domain. */
@Timeout(120)
class UnansweredTest {

    private final TestClock clock = new TestClock();
    private final GatedStore store = new GatedStore("test");
    private EngineRig rig;
    private MailPeer peer;

    /** Does not answer about keys that begin with "stuck" before it is let. */
    private static final class GatedStore implements CredentialStore {

        private final Map<String, AtomicInteger> asked = new ConcurrentHashMap<>();
        private final String name;
        private volatile CountDownLatch gate = new CountDownLatch(1);
        private volatile boolean sealed;

        private GatedStore(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public Lookup lookup(CredentialRef ref) throws InterruptedException {
            asked.computeIfAbsent(ref.key(), key -> new AtomicInteger()).incrementAndGet();
            if (ref.key().startsWith("stuck")) {
                gate.await();
            }
            return sealed
                    ? new Lookup.StoreUnavailable("is sealed")
                    : new Lookup.Found(new PasswordCredential(
                            ref.key().startsWith("stuck") ? "alice" : "bob",
                            Secret.of("pencil"),
                            new CredentialVersion("1"),
                            Optional.empty(),
                            Set.of()));
        }

        private int asked(String key) {
            return asked.getOrDefault(key, new AtomicInteger()).get();
        }
    }

    @BeforeEach
    void start() throws IOException {
        rig = new EngineRig(clock).withPlain();
        peer = MailPeer.builder()
                .mechanisms("PLAIN")
                .requireAuth()
                .account("alice", "pencil")
                .account("bob", "pencil")
                .start();
        rig.engine.storeArrived(store, 0, 1);
        configuration().apply();
    }

    @AfterEach
    void stop() {
        store.gate.countDown();
        rig.close();
        peer.close();
    }

    private EngineRig.Configuration configuration() {
        return rig.configure().route("a.example", peer.port());
    }

    private void submit(String key) throws IOException {
        submit(key, "x");
    }

    private void submit(String key, String subject) throws IOException {
        rig.submit(
                "s@example.org",
                "Subject: " + subject + "\r\n\r\n",
                Map.of("outbound_smtp_auth_key", key),
                "x@a.example");
    }

    private long delivered(String user) {
        return peer.messages().stream()
                .filter(message -> message.user().filter(user::equals).isPresent())
                .count();
    }

    private List<QueueEntry> entries() throws IOException {
        List<QueueEntry> entries = new ArrayList<>();
        rig.engine.queue().visit(QueueFilter.ALL, entries::add);
        return entries;
    }

    private void awaitParked(int count) {
        eventually(() -> rig.inQueues(QueueView::held) == count);
    }

    private QueueChange apply(QueueAction action) throws IOException, InterruptedException {
        return rig.engine.queue().apply(action, QueueFilter.ALL, done -> {});
    }

    @Test
    @DisplayName("C2-09: mail that waits for a store that hangs holds up no other mail of the same binding and domain")
    void holdsUpNoOtherMailOfTheSameDestination() throws Exception {
        for (int i = 0; i < 100; i++) {
            submit("stuck");
        }
        for (int i = 0; i < 100; i++) {
            submit("free");
        }
        eventually(() -> delivered("bob") == 100);
        awaitParked(100);
        assertThat(delivered("alice")).isZero();
        eventually(() -> rig.engine.runtime().queues().stream()
                .mapToInt(QueueView::active)
                .allMatch(active -> active == 0));
        store.gate.countDown();
        eventually(() -> delivered("alice") == 100);
        assertThat(store.asked("stuck")).as("one question for all of them").isEqualTo(1);
        assertThat(rig.outcomes(Held.class))
                .as("nothing happened to those that waited")
                .isEmpty();
        assertThat(rig.outcomes(Deferred.class)).isEmpty();
    }

    @Test
    void holdsUpNoOtherMailWhereEachHasAKeyOfItsOwn() throws Exception {
        for (int i = 0; i < 60; i++) {
            submit("stuck " + i);
        }
        for (int i = 0; i < 60; i++) {
            submit("free");
        }
        eventually(() -> delivered("bob") == 60);
        awaitParked(60);
        assertThat(delivered("alice")).isZero();
        store.gate.countDown();
        eventually(() -> delivered("alice") == 60);
        assertThat(IntStream.range(0, 60).map(i -> store.asked("stuck " + i))).allMatch(times -> times == 1);
    }

    @Test
    void saysWhatItWaitsFor() throws Exception {
        submit("stuck");
        awaitParked(1);
        QueueEntry entry = entries().getFirst();
        assertThat(entry.state()).isEqualTo(State.HELD);
        assertThat(entry.reason().orElseThrow()).startsWith("store test is being asked for stuck");
        assertThat(entry.due()).contains(clock.instant().plusSeconds(10));
        assertThat(entry.attempts()).isZero();
    }

    @Test
    void comesBackToTheHeadOfItsLineTheOldestFirst() throws Exception {
        configuration()
                .domain("a.example", OutboundSettings.MAX_OUTBOUND_CONNECTIONS, 1L)
                .apply();
        List<String> subjects =
                IntStream.range(0, 20).mapToObj(i -> "number " + i).toList();
        for (String subject : subjects) {
            submit("stuck", subject);
            clock.pass(Duration.ofMillis(1));
        }
        awaitParked(20);
        store.gate.countDown();
        eventually(() -> delivered("alice") == 20);
        assertThat(peer.messages().stream().map(UnansweredTest::subject)).containsExactlyElementsOf(subjects);
    }

    private static String subject(ReceivedMessage mail) {
        return new String(mail.content(), US_ASCII)
                .lines()
                .findFirst()
                .orElseThrow()
                .substring("Subject: ".length());
    }

    @Test
    void isServedByTheAnswerThatItWaitedForEvenWhereNoneIsKept() throws Exception {
        configuration().global(OutboundAuthSettings.CACHE_TIME, Duration.ZERO).apply();
        for (int i = 0; i < 10; i++) {
            submit("stuck");
        }
        awaitParked(10);
        clock.pass(Duration.ofSeconds(5));
        store.gate.countDown();
        eventually(() -> delivered("alice") == 10);
        assertThat(store.asked("stuck")).isEqualTo(1);
    }

    @Test
    void isHeldWhereTheStoreCannotAnswerInTheEnd() throws Exception {
        store.sealed = true;
        submit("stuck");
        submit("stuck");
        awaitParked(2);
        assertThat(rig.outcomes(Held.class)).isEmpty();
        store.gate.countDown();
        eventually(() -> rig.outcomes(Held.class).size() == 2);
        assertThat(rig.outcomes(Held.class).getFirst().reason())
                .contains("no answer about credential 'stuck'", "store test: is sealed");
        store.sealed = false;
        rig.engine.storeChanged("test");
        eventually(() -> delivered("alice") == 2);
    }

    @Test
    void asksAnewWhereTheStoreReportsAChangeMeanwhile() throws Exception {
        CountDownLatch first = store.gate;
        submit("stuck");
        awaitParked(1);
        store.gate = new CountDownLatch(0);
        rig.engine.storeChanged("test");
        eventually(() -> delivered("alice") == 1);
        assertThat(first.getCount()).as("the first question is still out").isEqualTo(1);
        first.countDown();
    }

    @Test
    @DisplayName(
            "C2-10: mail that waits for a store that is replaced gets its answer from the one that takes its place")
    void asksTheStoreThatTakesThePlaceOfTheOneThatHangs() throws Exception {
        submit("stuck");
        awaitParked(1);
        GatedStore another = new GatedStore("test");
        another.gate.countDown();
        rig.engine.storeArrived(another, 0, 2);
        Thread leaving = Thread.ofVirtual().start(() -> rig.engine.storeLeft("test", 1));
        eventually(() -> delivered("alice") == 1);
        assertThat(store.gate.getCount()).as("the one that left still hangs").isEqualTo(1);
        store.gate.countDown();
        leaving.join();
    }

    @Test
    void asksElsewhereAtOnceWhereTheConfigurationSaysSoMeanwhile() throws Exception {
        GatedStore other = new GatedStore("other");
        other.gate.countDown();
        rig.engine.storeArrived(other, 0, 2);
        configuration()
                .global(OutboundAuthSettings.CREDENTIAL_STORES, List.of("test"))
                .apply();
        submit("stuck");
        awaitParked(1);
        configuration()
                .global(OutboundAuthSettings.CREDENTIAL_STORES, List.of("other"))
                .apply();
        eventually(() -> delivered("alice") == 1);
        assertThat(store.gate.getCount()).isEqualTo(1);
    }

    @Test
    void isRemovedByAnOperator() throws Exception {
        submit("stuck");
        awaitParked(1);
        assertThat(apply(QueueAction.REMOVE)).isEqualTo(new QueueChange(1, 0, 0));
        assertThat(entries()).isEmpty();
        assertThat(rig.spool.left()).isEmpty();
        store.gate.countDown();
        submit("stuck");
        eventually(() -> entries().isEmpty());
        assertThat(delivered("alice")).as("the other one").isEqualTo(1);
    }

    @Test
    void isPutOnHoldByAnOperatorAndReleased() throws Exception {
        submit("stuck");
        awaitParked(1);
        assertThat(apply(QueueAction.HOLD)).isEqualTo(new QueueChange(1, 0, 0));
        store.gate.countDown();
        submit("stuck");
        eventually(() -> delivered("alice") == 1);
        eventually(() -> entries().stream().map(QueueEntry::state).toList().equals(List.of(State.ON_HOLD)));
        apply(QueueAction.RELEASE);
        eventually(() -> delivered("alice") == 2);
    }

    @Test
    void waitsOnAfterAnOperatorsRetryAndIsDeliveredOnce() throws Exception {
        submit("stuck");
        awaitParked(1);
        assertThat(apply(QueueAction.RETRY)).isEqualTo(new QueueChange(1, 0, 0));
        awaitParked(1);
        store.gate.countDown();
        eventually(() -> rig.spool.left().isEmpty());
        assertThat(delivered("alice")).isEqualTo(1);
        assertThat(store.asked("stuck")).isEqualTo(1);
    }

    @Test
    void keepsNobodyFromStoppingAndIsThereAfterwards() throws Exception {
        submit("stuck");
        awaitParked(1);
        rig.close();
        assertThat(store.gate.getCount()).isEqualTo(1);
        assertThat(rig.outcomes(Held.class)).isEmpty();
        try (EngineRig again = rig.restarted(clock).withPlain()) {
            store.gate = new CountDownLatch(0);
            again.engine.storeArrived(store, 0, 1);
            again.configure().route("a.example", peer.port()).apply();
            eventually(() -> again.outcomes(Delivered.class).size() == 1);
        }
    }
}
