// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postern.spi.cluster.Changes;
import org.postern.spi.cluster.Put;
import org.postern.spi.cluster.Register;
import org.postern.spi.cluster.SharedRegisters;
import org.postern.spi.credential.Lookup;
import org.postern.spi.credential.Secret;
import org.postern.testkit.InMemoryRegisters;
import org.postern.testkit.ManualClock;
import org.slf4j.LoggerFactory;

/** Relays that share a queue, each with a vault of its own, at a provider that takes each refresh token once. */
@Timeout(60)
class SharedTokenTest {

    private static final Logger LOG = (Logger) LoggerFactory.getLogger("org.postern.credential.oauth");

    private final ManualClock clock = ManualClock.at("2026-11-27T00:00:00Z");
    private final InMemoryRegisters registers = new InMemoryRegisters(clock);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final RotatingProvider provider;
    private final RelayWithToken a;
    private final RelayWithToken b;

    SharedTokenTest() throws IOException {
        provider = new RotatingProvider().knows("refresh-0");
        a = new RelayWithToken(provider, registers, clock).with("refresh-0");
        b = new RelayWithToken(provider, registers, clock).with("refresh-0");
    }

    @BeforeEach
    void listen() {
        log.start();
        LOG.addAppender(log);
    }

    @AfterEach
    void close() {
        LOG.detachAppender(log);
        a.close();
        b.close();
        provider.close();
        threads.shutdownNow();
        assertThat(said()).as("what was logged").doesNotContain(provider.secrets.toArray(new String[0]));
    }

    @Test
    void oneRequestServesBoth() throws Exception {
        assertThat(a.token()).isEqualTo("access-1");
        clock.advance(Duration.ofMinutes(10));
        assertThat(b.token()).isEqualTo("access-1");
        assertThat(provider.shown).containsExactly("refresh-0");
        assertThat(b.left()).isEqualTo(a.left()).isEqualTo(Duration.ofMinutes(50));
    }

    @Test
    void bringsAReplacedRefreshTokenIntoTheVaultOfTheOther() throws Exception {
        a.token();
        b.token();
        assertThat(a.kept()).isEqualTo("refresh-1");
        assertThat(b.kept()).isEqualTo("refresh-1");
    }

    @Test
    void showsTheProviderNoReplacedRefreshTokenWhicheverRelayAsks() throws Exception {
        for (int hour = 1; hour <= 30; hour++) {
            RelayWithToken first = hour % 3 == 0 ? a : b;
            RelayWithToken second = first == a ? b : a;
            String token = first.token();
            if (hour % 2 == 0) {
                assertThat(second.token()).isEqualTo(token);
            }
            clock.advance(RotatingProvider.LIFE);
        }
        assertThat(provider.stolen).isEmpty();
        assertThat(provider.shown).hasSize(30).doesNotHaveDuplicates();
    }

    @Test
    void waitsForTheRelayThatAsksAlready() throws Exception {
        provider.gate = new CountDownLatch(1);
        Future<Lookup> first = threads.submit(a.life::lookup);
        await().until(provider.shown::size, equalTo(1));
        Future<Lookup> second = threads.submit(b.life::lookup);
        await().untilAtomic(b.waits, equalTo(1));
        provider.gate.countDown();
        assertThat(RelayWithToken.textOf(first.get())).isEqualTo("access-1");
        b.turns.release();
        assertThat(RelayWithToken.textOf(second.get())).isEqualTo("access-1");
        assertThat(provider.shown).hasSize(1);
    }

    @Test
    void oneRequestServesAllWhoBeginAtOnce() throws Exception {
        List<RelayWithToken> relays = new ArrayList<>();
        try {
            for (int i = 0; i < 8; i++) {
                relays.add(new RelayWithToken(provider, registers, clock).with("refresh-0"));
            }
            provider.gate = new CountDownLatch(1);
            List<Future<Lookup>> answers = relays.stream()
                    .map(relay -> threads.submit(relay.life::lookup))
                    .toList();
            await().until(
                            () -> relays.stream()
                                    .filter(relay -> relay.waits.get() > 0)
                                    .count(),
                            equalTo(7L));
            provider.gate.countDown();
            await().until(() -> answers.stream().anyMatch(Future::isDone));
            relays.forEach(relay -> relay.turns.release());
            for (Future<Lookup> answer : answers) {
                assertThat(RelayWithToken.textOf(answer.get())).isEqualTo("access-1");
            }
            assertThat(relays).extracting(RelayWithToken::kept).containsOnly("refresh-1");
        } finally {
            relays.forEach(RelayWithToken::close);
        }
        assertThat(provider.shown).containsExactly("refresh-0");
    }

    /** Long enough for the lease of the other to have ended, so that nothing in the register tells of it. */
    @Test
    void showsNoRefreshTokenThatWasReplacedJustBeforeTheLeaseWasItsOwn() throws Exception {
        provider.padding = SharedRegisters.LONGEST_VALUE;
        HeldUp heldUp = new HeldUp(registers, () -> {
            assertThat(RelayWithToken.textOf(a.life.lookup())).startsWith("access-1x");
            clock.advance(Duration.ofMinutes(2));
        });
        try (RelayWithToken slow = new RelayWithToken(provider, heldUp, clock).with("refresh-0")) {
            assertThat(slow.token()).startsWith("access-2x");
        }
        assertThat(provider.shown).containsExactly("refresh-0", "refresh-1");
    }

    @Test
    void asksAfterTheLeaseOfARelayThatDied() throws Exception {
        leaseOfADeadRelay();
        Future<Lookup> answer = threads.submit(b.life::lookup);
        await().untilAtomic(b.waits, equalTo(1));
        clock.advance(Duration.ofSeconds(59));
        b.turns.release();
        await().untilAtomic(b.waits, equalTo(2));
        assertThat(provider.shown).isEmpty();
        clock.advance(Duration.ofSeconds(1));
        b.turns.release();
        assertThat(RelayWithToken.textOf(answer.get())).isEqualTo("access-1");
    }

    @Test
    void handsOutWhatIsLeftOfTheOldTokenWhileAnotherAsks() throws Exception {
        b.token();
        clock.advance(RotatingProvider.LIFE.minusSeconds(10));
        leaseOfADeadRelay();
        assertThat(b.token()).isEqualTo("access-1");
        await().untilAtomic(b.waits, equalTo(1));
        assertThat(b.token()).isEqualTo("access-1");
        assertThat(provider.shown).hasSize(1);
    }

    @Test
    void givesTheLeaseBackWhereItsRelayIsToldToStop() throws Exception {
        provider.gate = new CountDownLatch(1);
        threads.submit(a.life::lookup);
        await().until(provider.shown::size, equalTo(1));
        Future<Lookup> second = threads.submit(b.life::lookup);
        await().untilAtomic(b.waits, equalTo(1));
        a.close();
        long before = registers.puts();
        await().until(() -> before < registers.puts() || !isLeased());
        provider.gate.countDown();
        b.turns.release(1);
        second.get();
        assertThat(b.waits).as("without the end of the lease").hasValue(1);
    }

    @Test
    void fetchesForARelayWhoseTokenAPeerHasRefusedOnceForAll() throws Exception {
        a.token();
        b.token();
        assertThat(RelayWithToken.textOf(a.life.lookupAnew(a.version()))).isEqualTo("access-2");
        assertThat(RelayWithToken.textOf(b.life.lookupAnew(b.version()))).isEqualTo("access-2");
        assertThat(provider.shown).hasSize(2);
    }

    @Test
    void asksForTheOperatorThoughThereIsAToken() throws Exception {
        a.token();
        assertThat(RelayWithToken.textOf(b.life.retry())).isEqualTo("access-2");
        assertThat(provider.stolen).isEmpty();
    }

    @Test
    void tellsTheOthersOfARefusalAndOfItsEnd() throws Exception {
        provider.revoke();
        Lookup refused = a.life.lookup();
        assertThat(refused).isInstanceOf(Lookup.NoSuchCredential.class);
        assertThat(b.life.lookup()).isEqualTo(refused);
        assertThat(provider.shown).hasSize(1);

        provider.knows("login-1");
        a.with("login-1");
        assertThat(RelayWithToken.textOf(a.life.retry())).isEqualTo("access-2");
        clock.advance(Duration.ofSeconds(30));
        assertThat(b.token()).isEqualTo("access-2");
        assertThat(b.kept()).isEqualTo("refresh-2");
        assertThat(provider.shown).containsExactly("refresh-0", "login-1");
    }

    @Test
    void heedsNoRefusalOfAnotherSecretThanItsOwn() throws Exception {
        provider.revoke();
        a.life.lookup();
        provider.knows("login-1");
        assertThat(b.with("login-1").token()).isEqualTo("access-2");
    }

    @Test
    void leavesAProviderAloneThatAskedAnotherForIt() throws Exception {
        provider.busyFor(90);
        a.life.lookup();
        clock.advance(Duration.ofSeconds(30));
        assertThat(b.life.lookup()).isInstanceOf(Lookup.StoreUnavailable.class);
        TokenStatus.State.Failing failing =
                (TokenStatus.State.Failing) b.life.status().state();
        assertThat(failing.until()).isEqualTo(clock.instant().plusSeconds(60));
        assertThat(failing.reason()).contains("429");
        assertThat(provider.shown).hasSize(1);
        provider.busyFor(0);
        clock.advance(Duration.ofSeconds(60));
        assertThat(b.token()).isEqualTo("access-2");
        assertThat(a.token()).isEqualTo("access-2");
    }

    @Test
    void letsANewLoginGoBeforeWhatTheOthersHave() throws Exception {
        a.token();
        provider.knows("login-1");
        b.with("login-1");
        assertThat(RelayWithToken.textOf(b.life.retry())).isEqualTo("access-2");
        clock.advance(RotatingProvider.LIFE);
        assertThat(a.token()).isEqualTo("access-3");
        assertThat(provider.shown).containsExactly("refresh-0", "login-1", "refresh-2");
        assertThat(a.kept()).isEqualTo("refresh-3");
    }

    @Test
    void goesBackToWhatTheOthersHaveWhereTheOwnIsUnknownAndRefused() throws Exception {
        a.token();
        b.with("from a very old copy of the vault");
        clock.advance(RotatingProvider.LIFE);
        assertThat(b.token()).isEqualTo("access-3");
        assertThat(provider.shown).endsWith("from a very old copy of the vault", "refresh-1");
        assertThat(b.kept()).isEqualTo("refresh-3");
        assertThat(a.token()).isEqualTo("access-3");
    }

    @Test
    void servesARelayWhereNobodyHasLoggedIn() throws Exception {
        RelayWithToken fresh = new RelayWithToken(provider, registers, clock);
        try (fresh) {
            a.token();
            assertThat(fresh.token()).isEqualTo("access-1");
            assertThat(fresh.kept()).isEqualTo("refresh-1");
        }
    }

    @Test
    void adoptsATokenThoughTheOwnVaultCannotBeWrittenAndAsksForNoneThen() throws Exception {
        b.vault.readOnly("no space left on device");
        a.token();
        assertThat(b.token()).isEqualTo("access-1");
        assertThat(said()).contains("no space left on device");
        clock.advance(RotatingProvider.LIFE);
        assertThat(b.life.lookup().toString())
                .contains("the refresh token that another relay got cannot be written: no space left on device");
        assertThat(provider.shown).hasSize(1);
    }

    @Test
    void losesNoRefreshTokenWhereTheVaultOfWhoFetchedItCannotBeWritten() throws Exception {
        a.vault.readOnly("no space left on device");
        assertThat(a.life.lookup()).isInstanceOf(Lookup.StoreUnavailable.class);
        assertThat(b.token()).isEqualTo("access-2");
        assertThat(provider.shown).containsExactly("refresh-0", "refresh-1");
    }

    @Test
    void keepsARefreshTokenForLongerThanTheTokenThatCameWithIt() throws Exception {
        a.token();
        clock.advance(Duration.ofDays(89));
        assertThat(b.token()).isEqualTo("access-2");
        assertThat(provider.shown).containsExactly("refresh-0", "refresh-1");
    }

    @Test
    void fetchesByItselfWhereTheStorageIsAwayAndSaysSoOnce() throws Exception {
        registers.away(true);
        assertThat(a.token()).isEqualTo("access-1");
        clock.advance(RotatingProvider.LIFE);
        assertThat(a.token()).isEqualTo("access-2");
        assertThat(said()).containsOnlyOnce("nothing is heard of the other relays");
        registers.away(false);
        clock.advance(RotatingProvider.LIFE);
        assertThat(a.token()).isEqualTo("access-3");
        assertThat(said()).containsOnlyOnce("the other relays are heard again");
        assertThat(b.token()).isEqualTo("access-3");
    }

    @Test
    void keepsWhatItGotWhereTheStorageGoesAwayInTheMiddle() throws Exception {
        provider.beforeAnswer = () -> registers.away(true);
        assertThat(a.token()).isEqualTo("access-1");
        assertThat(a.kept()).isEqualTo("refresh-1");
        assertThat(provider.shown).hasSize(1);
    }

    @Test
    void fetchesInTurnWhereATokenIsTooLongForARegister() throws Exception {
        provider.padding = SharedRegisters.LONGEST_VALUE;
        assertThat(a.token()).startsWith("access-1x");
        assertThat(b.token()).startsWith("access-2x");
        assertThat(provider.shown).containsExactly("refresh-0", "refresh-1");
    }

    /** Registers of a relay that is held up before it first puts something. */
    private static final class HeldUp implements SharedRegisters {

        private final SharedRegisters all;
        private final Meanwhile before;
        private boolean isOver;

        /** What happens elsewhere meanwhile. */
        private interface Meanwhile {
            void happen() throws InterruptedException;
        }

        HeldUp(SharedRegisters all, Meanwhile before) {
            this.all = all;
            this.before = before;
        }

        @Override
        public Optional<Register> read(String topic, String name) throws IOException {
            return all.read(topic, name);
        }

        @Override
        public Put put(String topic, String name, byte[] value, long expected, Duration life) throws IOException {
            if (!isOver) {
                isOver = true;
                try {
                    before.happen();
                } catch (InterruptedException told) {
                    Thread.currentThread().interrupt();
                }
            }
            return all.put(topic, name, value, expected, life);
        }

        @Override
        public Changes changes(Set<String> topics, long since) throws IOException {
            return all.changes(topics, since);
        }

        @Override
        public String tag(String purpose, Secret secret) {
            return all.tag(purpose, secret);
        }
    }

    private void leaseOfADeadRelay() throws IOException {
        String name = SharedName.of(RelayWithToken.account(provider));
        long revision =
                registers.read(SharedFact.TOPIC, name).map(it -> it.revision()).orElse(SharedRegisters.ABSENT);
        registers.put(SharedFact.TOPIC, name, new SharedFact.Lease().octets(), revision, Duration.ofSeconds(60));
    }

    private boolean isLeased() throws IOException {
        return registers
                .read(SharedFact.TOPIC, SharedName.of(RelayWithToken.account(provider)))
                .flatMap(SharedFact::in)
                .filter(SharedFact.Lease.class::isInstance)
                .isPresent();
    }

    private String said() {
        return String.join(
                "\n",
                List.copyOf(log.list).stream()
                        .map(ILoggingEvent::getFormattedMessage)
                        .toList());
    }
}
