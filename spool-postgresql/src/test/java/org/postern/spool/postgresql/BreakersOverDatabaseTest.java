// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.core.audit.Audit;
import org.postern.core.auth.Endpoint;
import org.postern.core.auth.LoginBreaker;
import org.postern.core.auth.LoginBreaker.Admission;
import org.postern.core.auth.LoginBreaker.Admission.Go;
import org.postern.core.auth.LoginBreaker.Admission.Wait;
import org.postern.core.auth.LoginPermit;
import org.postern.core.cluster.Cluster;
import org.postern.core.time.Waits;
import org.postern.spi.credential.AuthIdentity;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.Secret;

/** Breakers of relays that share nothing but a database: not even the time of day. */
@Timeout(120)
class BreakersOverDatabaseTest {

    private static final Endpoint PEER = new Endpoint("mx.example", 587);
    private static final AuthIdentity ALICE =
            new AuthIdentity("alice", Optional.empty(), "vault:relay", new CredentialVersion("tag"));

    @RegisterExtension
    static final Databases DATABASES = new Databases();

    private final List<Relay> relays = new ArrayList<>();
    private String name;

    private static final class Relay implements AutoCloseable {

        final Clock clock;
        final Database database;
        final Cluster cluster;
        final LoginBreaker breaker;

        Relay(String name, Clock clock) throws Exception {
            this.clock = clock;
            database = new Database(DATABASES.options(name, Node.LEASE, 1), Databases.environment());
            try (Connection connection = database.connectApart();
                    Secret key = Secret.of("a key of 32 octets for all tests")) {
                Schema.provide(connection);
                cluster = new Cluster(
                        Optional.of(new PostgresqlRegisters(database, new ClusterKey(key), "a node")), clock);
            }
            breaker = new LoginBreaker(clock, Audit.NONE, Waits.REAL, cluster);
        }

        Optional<LoginPermit> tried() {
            return breaker.admit(ALICE, PEER) instanceof Go(LoginPermit permit)
                    ? Optional.of(permit)
                    : Optional.empty();
        }

        Duration pause() {
            Admission admission = breaker.admit(ALICE, PEER);
            assertThat(admission).isInstanceOf(Wait.class);
            return Duration.between(clock.instant(), ((Wait) admission).until());
        }

        @Override
        public void close() {
            cluster.close();
            database.close();
        }
    }

    @BeforeEach
    void open() throws Exception {
        name = DATABASES.make();
        relays.add(new Relay(name, Clock.systemUTC()));
        relays.add(new Relay(name, Clock.offset(Clock.systemUTC(), Duration.ofDays(-400))));
        relays.add(new Relay(name, Clock.offset(Clock.systemUTC(), Duration.ofHours(5))));
    }

    @AfterEach
    void close() {
        relays.forEach(Relay::close);
    }

    @Test
    void oneOfManyLogsInAndTheOthersWaitAsLongWhateverTheirClocksSay() throws InterruptedException {
        List<LoginPermit> permits = triedAtOnce();
        assertThat(permits).hasSize(1);
        permits.getFirst().refused();
        for (Relay relay : relays) {
            relay.cluster.look();
            assertThat(relay.pause()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(61));
        }
    }

    @Test
    void aSuccessOpensTwoLanesOnEveryRelay() throws InterruptedException {
        triedAtOnce().getFirst().succeeded();
        relays.forEach(relay -> relay.cluster.look());
        assertThat(triedAtOnce()).hasSize(2 * relays.size());
    }

    @Test
    void aRelayThatStartsLaterKnowsWhatWasRefused() throws Exception {
        relays.getFirst().tried().orElseThrow().refused();
        try (Relay late = new Relay(name, Clock.systemUTC())) {
            late.cluster.start();
            assertThat(late.breaker.obstacle(ALICE, PEER)).isPresent();
        }
    }

    /** Five times by each relay. */
    private List<LoginPermit> triedAtOnce() throws InterruptedException {
        List<LoginPermit> permits = new CopyOnWriteArrayList<>();
        CountDownLatch begin = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 5 * relays.size(); i++) {
            Relay relay = relays.get(i % relays.size());
            threads.add(Thread.ofPlatform().start(() -> {
                try {
                    begin.await();
                    relay.tried().ifPresent(permits::add);
                } catch (InterruptedException stopped) {
                    Thread.currentThread().interrupt();
                }
            }));
        }
        begin.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        return permits;
    }
}
