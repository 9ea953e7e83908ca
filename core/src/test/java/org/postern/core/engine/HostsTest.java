// SPDX-License-Identifier: Apache-2.0
package org.postern.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.postern.core.engine.EngineRig.eventually;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postern.core.TestClock;
import org.postern.core.auth.InstalledMechanism;
import org.postern.core.sasl.FakeExchange;
import org.postern.core.scope.OutboundSettings;
import org.postern.peer.MailPeer;
import org.postern.peer.ScriptedPeer;
import org.postern.peer.ServerMechanism;
import org.postern.peer.Stage;
import org.postern.spi.event.DeliveryEvent;
import org.postern.spi.mail.DeliveryOutcome.Deferred;
import org.postern.spi.mail.DeliveryOutcome.Delivered;
import org.postern.spi.mail.DeliveryOutcome.Failed;
import org.postern.spi.mail.DeliveryOutcome.Held;
import org.postern.spi.policy.OutboundAuthSettings;
import org.postern.spi.spool.RecipientState;

/** Which failures lead to the next host of a route, which do not, and what is not tried again too soon. */
@Timeout(60)
class HostsTest {

    private final TestClock clock = new TestClock();
    private EngineRig rig;
    private MailPeer first;
    private MailPeer second;

    @BeforeEach
    void start() throws IOException {
        rig = new EngineRig(clock).withPlain();
        first = authenticating().start();
        second = authenticating().start();
    }

    private static MailPeer.Builder authenticating() {
        return EngineRig.peerForAlice();
    }

    @AfterEach
    void stop() {
        rig.close();
        first.close();
        second.close();
    }

    private void route(int... ports) {
        rig.configure()
                .routes("a.example", ports)
                .login("a.example", "alice", "wonderland")
                .apply();
    }

    private void submit(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            rig.submit("s@example.org", "Subject: x\r\n\r\n", "x@a.example");
        }
    }

    private long attemptsEnded() {
        return rig.events.stream()
                .filter(DeliveryEvent.AttemptEnded.class::isInstance)
                .count();
    }

    private RecipientState state() {
        return rig.spool.left().getFirst().states().getFirst();
    }

    private static int closedPort() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return taken.getLocalPort();
        }
    }

    @Test
    void repeatsWhyAHostIsLeftAlone() throws Exception {
        route(closedPort());
        submit(1);
        eventually(() -> rig.outcomes(Deferred.class).size() == 1);
        String failure = rig.outcomes(Deferred.class).getFirst().reason();

        submit(1);

        eventually(() -> rig.outcomes(Deferred.class).size() == 2);
        assertThat(rig.outcomes(Deferred.class).getLast().reason())
                .contains("is left alone until")
                .contains(failure);
    }

    @Test
    @DisplayName("C1-38: a host that is down costs no attempt where another one is up")
    void goesToTheSecondHostWhenTheFirstIsDown() throws Exception {
        route(closedPort(), second.port());
        submit(1);
        eventually(() -> second.messageCount() == 1);
        eventually(() -> rig.outcomes(Delivered.class).size() == 1);
        assertThat(attemptsEnded()).isEqualTo(1);
    }

    @Test
    void goesToTheSecondHostWhenTheFirstGreetsWithARefusal() throws Exception {
        first.replyAt(Stage.CONNECT, "", "554 5.3.2 not today");
        route(first.port(), second.port());
        submit(1);
        eventually(() -> second.messageCount() == 1);
    }

    @Test
    void goesToTheSecondHostWhenTheFirstOffersNoAuth() throws Exception {
        try (MailPeer open = MailPeer.builder().start()) {
            route(open.port(), second.port());
            submit(1);
            eventually(() -> second.messageCount() == 1);
            assertThat(open.messageCount()).isZero();
        }
    }

    @Test
    void countsOneAttemptHoweverManyHostsAreDown() throws Exception {
        route(closedPort(), closedPort());
        submit(1);
        eventually(() -> rig.outcomes(Deferred.class).size() == 1);
        eventually(() -> state().attempts() == 1);
        assertThat(attemptsEnded()).isEqualTo(1);
    }

    @Test
    @DisplayName("C1-38: a host that has failed is left alone for a while")
    void leavesAFailedHostAloneForAWhile() throws Exception {
        first.replyAt(Stage.CONNECT, "", "421 4.3.2 not now");
        route(first.port(), second.port());
        submit(1);
        eventually(() -> second.messageCount() == 1);
        submit(1);
        eventually(() -> second.messageCount() == 2);
        assertThat(first.connections()).isEqualTo(1);
    }

    @Test
    @DisplayName("C1-36: a peer that hears no more than two connections at once gets all mail")
    void deliversEverythingToAPeerThatHearsFewConnections() throws Exception {
        try (MailPeer narrow = authenticating().mostConnections(2).start()) {
            rig.configure()
                    .route("a.example", narrow.port())
                    .login("a.example", "alice", "wonderland")
                    .global(OutboundSettings.RETRY_INTERVAL, Duration.ofMinutes(1))
                    .global(OutboundSettings.MAX_RETRY_INTERVAL, Duration.ofMinutes(1))
                    .apply();
            submit(8);
            eventually(() -> {
                clock.pass(Duration.ofSeconds(30));
                return narrow.messageCount() == 8;
            });
            eventually(() -> rig.outcomes(Delivered.class).size() == 8);
            assertThat(rig.outcomes(Failed.class)).isEmpty();
            assertThat(rig.outcomes(Deferred.class)).noneMatch(Deferred::possibleDuplicate);
        }
    }

    @Test
    @DisplayName("C1-40: peers that say nothing hold up no other destination, and fail no mail")
    void holdsUpNoOtherDestinationWhereAPeerSaysNothing() throws Exception {
        try (ScriptedPeer tarpit = ScriptedPeer.playText("tarpit", "--- further connections\nwait\n")) {
            rig.configure()
                    .route("t.example", tarpit.port())
                    .route("a.example", second.port())
                    .login("a.example", "alice", "wonderland")
                    .apply();
            for (int i = 0; i < 200; i++) {
                rig.submit("s@example.org", "Subject: x\r\n\r\n", "x@t.example");
            }
            eventually(() -> tarpit.connections() > 0);
            submit(1);
            eventually(() -> second.messageCount() == 1);
            assertThat(rig.outcomes(Failed.class)).isEmpty();
        }
    }

    @Test
    void takesARefusedPasswordToNoOtherHost() throws Exception {
        rig.configure()
                .routes("a.example", first.port(), second.port())
                .login("a.example", "alice", "wrong")
                .apply();
        submit(1);
        eventually(() -> rig.outcomes(Held.class).size() == 1);
        assertThat(first.failedLogins()).isEqualTo(1);
        assertThat(second.connections()).isZero();
        assertThat(state().attempts()).isZero();
    }

    @Test
    void opensSessionsSideBySideThoughLoginsTakeTurns() throws Exception {
        CountDownLatch greeted = new CountDownLatch(3);
        first.override((stage, argument, connection) -> {
            if (stage == Stage.CONNECT) {
                greeted.countDown();
                awaitBriefly(greeted);
            }
            return Optional.empty();
        });
        route(first.port());
        submit(100);
        assertThat(greeted.await(5, TimeUnit.SECONDS))
                .as("three wait for their greeting at once")
                .isTrue();
        eventually(() -> first.messageCount() == 100);
    }

    private static void awaitBriefly(CountDownLatch latch) {
        try {
            latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void connectsOnceForAThousandMessagesWhereNoMechanismIsInCommon() throws Exception {
        try (MailPeer other =
                MailPeer.builder().mechanisms("LOGIN").requireAuth().start()) {
            route(other.port());
            submit(1);
            eventually(() -> rig.outcomes(Held.class).size() == 1);
            submit(999);
            eventually(() -> rig.outcomes(Held.class).size() == 1_000);
            assertThat(other.connections()).isEqualTo(1);
            assertThat(rig.outcomes(Held.class).getLast().reason()).contains("LOGIN");

            clock.pass(Duration.ofMinutes(6));
            eventually(() -> rig.outcomes(Held.class).size() >= 2_000);
            assertThat(other.connections()).isBetween(2, 33);
        }
    }

    @Test
    void connectsNoOftenerThanItMayWhenAThousandMessagesComeAtOnce() throws Exception {
        try (MailPeer other =
                MailPeer.builder().mechanisms("LOGIN").requireAuth().start()) {
            submit(1_000);
            rig.configure()
                    .routes("a.example", other.port())
                    .login("a.example", "alice", "wonderland")
                    .global(OutboundSettings.MAX_OUTBOUND_CONNECTIONS, 3L)
                    .apply();
            eventually(() -> rig.outcomes(Held.class).size() >= 1_000);
            assertThat(other.connections()).isBetween(1, 3);
        }
    }

    /** Asks once, whatever it is told. */
    private record Asking(String name) implements ServerMechanism {
        @Override
        public Exchange begin(org.postern.peer.Accounts accounts) {
            return response -> new Verdict.Challenge(new byte[] {'?'});
        }
    }

    @Test
    void slowsLoginsDownAfterAnExchangeThatWasBrokenOff() throws Exception {
        rig.engine.mechanismArrived(
                new InstalledMechanism("ODD", 90, false, java.util.Set.of("password"), "test 1.0", 9),
                (context, credential) -> FakeExchange.serverFirst());
        try (MailPeer other =
                MailPeer.builder().mechanism(new Asking("ODD")).requireAuth().start()) {
            rig.configure()
                    .route("a.example", other.port())
                    .login("a.example", "alice", "wonderland")
                    .domain("a.example", OutboundAuthSettings.TYPE, java.util.List.of("ODD"))
                    .apply();
            submit(1);
            eventually(() -> rig.outcomes(Deferred.class).size() == 1);
            submit(1);
            eventually(() -> rig.outcomes(Held.class).size() == 1);
            assertThat(rig.outcomes(Held.class).getFirst().reason()).contains("failed for now once");
            assertThat(other.connections()).isEqualTo(1);
            assertThat(rig.outcomes(Failed.class)).isEmpty();
        }
    }
}
