// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.hashicorp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.Secret;
import org.postern.spi.credential.SecretWrapping;
import org.postern.testkit.ManualClock;

/** What one secret's askers share, and what is done while nobody asks. */
class SecretLifeTest {

    private static final CredentialRef REF = new CredentialRef("relay");

    private final ManualClock clock = ManualClock.at("2026-03-01T12:00:00Z");
    private final SecretWrapping wrapping = new SecretWrapping();
    private final Queue<Runnable> background = new ArrayDeque<>();
    private final List<CredentialRef> news = new ArrayList<>();
    private final List<Thread> readers = new CopyOnWriteArrayList<>();

    private SecretLife life(SecretSource source) {
        return new SecretLife(
                "secret/relay",
                new Surroundings(
                        source,
                        Duration.ofSeconds(30),
                        clock,
                        new Random(1),
                        work -> readers.add(Thread.ofVirtual().start(work)),
                        background::add,
                        news::addAll));
    }

    private SecretAnswer.Present present(Optional<SecretAnswer.Lease> lease) {
        try (Secret clear = Secret.of("secret")) {
            return new SecretAnswer.Present(
                    new SecretFields(Map.of("password", wrapping.wrap(clear)), Set.of(), SecretFields.Origin.UNKNOWN),
                    lease);
        }
    }

    /** News is told after those who asked have their answer. */
    private void awaitReaders() throws InterruptedException {
        for (Thread reader : readers) {
            reader.join();
        }
    }

    /** A source that is read only. */
    private interface Read extends SecretSource {

        @Override
        default Optional<String> peek(String path) {
            return Optional.empty();
        }

        @Override
        default Optional<SecretAnswer.Lease> renew(SecretAnswer.Lease lease) {
            return Optional.empty();
        }
    }

    @Test
    void c2_04_tenThousandWhoWaitShareOneReading() throws Exception {
        AtomicInteger readings = new AtomicInteger();
        CountDownLatch answered = new CountDownLatch(1);
        SecretAnswer answer = present(Optional.empty());
        SecretLife life = life((Read) path -> {
            readings.incrementAndGet();
            answered.await();
            return answer;
        });
        AtomicInteger served = new AtomicInteger();
        List<Thread> messages = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            messages.add(Thread.ofVirtual().start(() -> {
                try {
                    assertThat(life.read(REF).answer()).isSameAs(answer);
                    served.incrementAndGet();
                } catch (InterruptedException stopped) {
                    Thread.currentThread().interrupt();
                }
            }));
        }
        await().until(() -> messages.stream().allMatch(message -> message.getState() == Thread.State.WAITING));
        answered.countDown();
        for (Thread message : messages) {
            message.join();
        }
        assertThat(readings).hasValue(1);
        assertThat(served).hasValue(10_000);
    }

    @Test
    void c2_14_aMistakeOfOursIsAnAnswerAndNotTheEnd() throws Exception {
        AtomicInteger readings = new AtomicInteger();
        SecretLife life = life((Read) path -> {
            if (readings.incrementAndGet() == 1) {
                throw new IllegalStateException("quotes what it read");
            }
            return present(Optional.empty());
        });
        assertThat(life.read(REF).answer())
                .isInstanceOfSatisfying(
                        SecretAnswer.Failed.class,
                        failed -> assertThat(failed.reason())
                                .startsWith("reading failed with IllegalStateException; read again at")
                                .doesNotContain("quotes"));
        clock.advance(Duration.ofSeconds(2));
        assertThat(life.read(REF).answer()).isInstanceOf(SecretAnswer.Present.class);
    }

    @Test
    void c2_20_whatNobodyWaitsForWaitsItsTurnAndKeepsNobodyWaitingWhoAsks() throws Exception {
        AtomicInteger readings = new AtomicInteger();
        SecretLife life = life((Read) path ->
                readings.incrementAndGet() == 1 ? new SecretAnswer.Failed("not now") : present(Optional.empty()));
        assertThat(life.read(REF).answer()).isInstanceOf(SecretAnswer.Failed.class);
        clock.advance(Duration.ofSeconds(2));
        life.tick();
        assertThat(background).hasSize(1);
        assertThat(readings).as("its turn has not come").hasValue(1);
        assertThat(life.read(REF).answer())
                .as("who asks does not wait for that turn")
                .isInstanceOf(SecretAnswer.Present.class);
        background.remove().run();
        assertThat(readings).as("nobody waits any more").hasValue(2);
        awaitReaders();
        assertThat(news).containsExactly(REF);
    }

    @Test
    void c2_20_looksAreSpreadOverAQuarterOfTheInterval() throws Exception {
        SecretLife life = life((Read) path -> present(Optional.empty()));
        life.read(REF);
        Duration waited = Duration.ZERO;
        while (background.isEmpty()) {
            clock.advance(Duration.ofMillis(100));
            waited = waited.plusMillis(100);
            life.tick();
        }
        assertThat(waited).isBetween(Duration.ofMillis(22_400), Duration.ofSeconds(30));
    }

    @Test
    void c2_06_aLeaseThatCannotBeReplacedIsUsedUntilItsEnd() throws Exception {
        AtomicInteger readings = new AtomicInteger();
        SecretAnswer leased = present(Optional.of(new SecretAnswer.Lease("id", Duration.ofMinutes(30), true)));
        SecretLife life =
                life((Read) path -> readings.incrementAndGet() == 1 ? leased : new SecretAnswer.Unavailable("down"));
        life.read(REF);
        for (int second = 1; second < 1800; second++) {
            clock.advance(Duration.ofSeconds(1));
            life.tick();
            while (!background.isEmpty()) {
                background.remove().run();
            }
            assertThat(life.read(REF).answer()).as("second %s", second).isSameAs(leased);
        }
        assertThat(readings.get()).as("tries to replace it").isBetween(5, 60);
        clock.advance(Duration.ofSeconds(1));
        assertThat(life.read(REF).answer()).isInstanceOf(SecretAnswer.Unavailable.class);
    }
}
