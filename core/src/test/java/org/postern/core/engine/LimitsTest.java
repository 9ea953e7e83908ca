// SPDX-License-Identifier: Apache-2.0
package org.postern.core.engine;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.postern.core.engine.EngineRig.eventually;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.core.TestClock;
import org.postern.core.scope.OutboundSettings;
import org.postern.engine.dto.QueueView;
import org.postern.engine.dto.SessionView;
import org.postern.peer.MailPeer;
import org.postern.peer.Stage;
import org.postern.spi.mail.DeliveryOutcome.Deferred;
import org.postern.spi.mail.DeliveryOutcome.Delivered;
import org.postern.spi.mail.DeliveryOutcome.Failed;
import org.postern.spi.mail.DeliveryOutcome.Held;
import org.postern.spi.policy.OutboundAuthSettings;

/** What an account may be used for, seen at the peer. */
@Timeout(60)
class LimitsTest {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @TempDir
    Path state;

    private final TestClock clock = new TestClock();
    private EngineRig rig;
    private MailPeer peer;

    @BeforeEach
    void start() throws IOException {
        rig = new EngineRig(clock, state).withPlain();
        peer = MailPeer.builder()
                .mechanisms("PLAIN")
                .requireAuth()
                .account("alice", "a")
                .account("bob", "b")
                .start();
    }

    @AfterEach
    void stop() {
        rig.close();
        peer.close();
    }

    private void configure(String... limits) {
        configuration(limits).apply();
    }

    private EngineRig.Configuration configuration(String... limits) {
        return rig.configure()
                .route("a.example", peer.port())
                .global(OutboundSettings.IDLE_TIMEOUT, Duration.ofDays(9))
                .global(OutboundSettings.MESSAGE_EXPIRATION, Duration.ofDays(9))
                .global(OutboundAuthSettings.LIMITS, List.of(limits));
    }

    private void submit(int count, String user, String... to) throws IOException {
        String[] recipients = to.length == 0 ? new String[] {"x@a.example"} : to;
        for (int i = 0; i < count; i++) {
            rig.submit(
                    "s@example.org",
                    "Subject: " + user + "\r\n\r\n",
                    Map.of("outbound_smtp_auth_user", user, "outbound_smtp_auth_pass", user.substring(0, 1)),
                    recipients);
        }
    }

    private long delivered(String user) {
        return peer.messages().stream()
                .filter(message -> message.user().filter(user::equals).isPresent())
                .count();
    }

    private int waiting() {
        return rig.inQueues(QueueView::held);
    }

    private void assertStaysAt(String user, long count, int held) {
        eventually(() -> delivered(user) == count
                && waiting() == held
                && rig.engine.runtime().sessions().stream().noneMatch(SessionView::busy));
        assertThat(rig.outcomes(Deferred.class)).isEmpty();
        assertThat(rig.outcomes(Failed.class)).isEmpty();
    }

    @Test
    void sendsNoMoreMessagesThanTheLimitAndTheOthersWhenItsTimeIsOver() throws Exception {
        configure("messages=3/h");
        submit(7, "alice");
        assertStaysAt("alice", 3, 4);
        assertThat(rig.outcomes(Held.class).getFirst().reason())
                .isEqualTo("'alice' at 127.0.0.1:" + peer.port()
                        + " has used up its limit messages=3/h; it goes on at 2026-01-01T01:01:00Z");
        clock.pass(HOUR.plus(MINUTE));
        assertStaysAt("alice", 6, 1);
        clock.pass(HOUR.plus(MINUTE));
        assertStaysAt("alice", 7, 0);
        assertThat(peer.logins()).isEqualTo(peer.connections());
    }

    @Test
    void looksAtWaitingMailOnceWhenItsTurnHasComeAndNotBefore() throws Exception {
        configure("messages=5/h");
        submit(50, "alice");
        assertStaysAt("alice", 5, 45);
        assertThat(rig.outcomes(Held.class)).hasSize(45);
        clock.pass(HOUR.plus(MINUTE));
        assertStaysAt("alice", 10, 40);
        // One or two may be called for a place that is taken when they get there; never all of them.
        assertThat(rig.outcomes(Held.class)).hasSizeBetween(45, 50);
    }

    @Test
    void sendsTheOldestFirst() throws Exception {
        configure("messages=2/h");
        for (int i = 0; i < 6; i++) {
            rig.submit(
                    "s@example.org",
                    "Subject: number " + i + "\r\n\r\n",
                    Map.of("outbound_smtp_auth_user", "alice", "outbound_smtp_auth_pass", "a"),
                    "x@a.example");
            clock.pass(Duration.ofMillis(1));
        }
        assertStaysAt("alice", 2, 4);
        clock.pass(HOUR.plus(MINUTE));
        submit(3, "alice");
        assertStaysAt("alice", 4, 5);
        assertThat(peer.messages().stream()
                        .map(message -> new String(message.content(), US_ASCII)
                                .lines()
                                .findFirst()
                                .orElse(""))
                        .toList())
                .containsExactlyInAnyOrder(
                        "Subject: number 0", "Subject: number 1", "Subject: number 2", "Subject: number 3");
    }

    @Test
    void holdsUpNoOtherAccountOfTheSameDestination() throws Exception {
        configure("messages=2/h");
        submit(20, "alice");
        submit(2, "bob");
        eventually(() -> delivered("bob") == 2);
        assertStaysAt("alice", 2, 18);
    }

    @Test
    void countsRecipientsApartFromMessages() throws Exception {
        configure("recipients=5/h");
        String[] two = {"x@a.example", "y@a.example"};
        submit(4, "alice", two);
        assertStaysAt("alice", 2, 2);
        clock.pass(HOUR.plus(MINUTE));
        assertStaysAt("alice", 4, 0);
    }

    @Test
    void sendsAMessageForMoreRecipientsThanTheLimitAlone() throws Exception {
        configure("recipients=3/h");
        submit(1, "alice");
        assertStaysAt("alice", 1, 0);
        submit(
                1,
                "alice",
                IntStream.range(0, 5).mapToObj(i -> "r" + i + "@a.example").toArray(String[]::new));
        assertStaysAt("alice", 1, 1);
        clock.pass(HOUR.plus(MINUTE));
        assertStaysAt("alice", 2, 0);
    }

    @Test
    void opensNoMoreSessionsThanTheLimitAndDeliversEverythingOverThem() throws Exception {
        configure("sessions=2");
        submit(60, "alice");
        eventually(() -> {
            assertThat(rig.engine.runtime().sessions()).hasSizeLessThanOrEqualTo(2);
            return delivered("alice") == 60;
        });
        assertThat(peer.connections()).isLessThanOrEqualTo(2);
        assertStaysAt("alice", 60, 0);
    }

    @Test
    void sharesTheSessionsOfAnAccountBetweenDestinations() throws Exception {
        configuration("sessions=1").route("b.example", peer.port()).apply();
        submit(20, "alice", "x@a.example");
        submit(20, "alice", "x@b.example");
        eventually(() -> {
            assertThat(rig.engine.runtime().sessions()).hasSizeLessThanOrEqualTo(1);
            return delivered("alice") == 40;
        });
    }

    @Test
    void logsInNoMoreOftenThanTheLimitAndGoesOnOverTheSessionsThereAre() throws Exception {
        configuration("logins=1/m")
                .global(OutboundSettings.MAX_DELIVERIES_PER_CONNECTION, 3L)
                .apply();
        submit(7, "alice");
        assertStaysAt("alice", 3, 4);
        clock.pass(Duration.ofSeconds(62));
        assertStaysAt("alice", 6, 1);
        clock.pass(Duration.ofSeconds(62));
        assertStaysAt("alice", 7, 0);
        assertThat(peer.logins()).isEqualTo(3);
    }

    @Test
    void doesNotCountALoginWhereNobodyAnswered() throws Exception {
        peer.close();
        configuration("logins=1/h")
                .global(OutboundSettings.HOST_FAILURE_RETRY, Duration.ZERO)
                .global(OutboundSettings.RETRY_INTERVAL, Duration.ofSeconds(1))
                .global(OutboundSettings.MAX_RETRY_INTERVAL, Duration.ofSeconds(1))
                .apply();
        submit(1, "alice");
        eventually(() -> rig.outcomes(Deferred.class).size() == 1);
        clock.pass(MINUTE);
        eventually(() -> rig.outcomes(Deferred.class).size() == 2);
        assertThat(rig.outcomes(Held.class)).isEmpty();
    }

    @Test
    void doesNotCountWhatThePeerDidNotTake() throws Exception {
        peer.replyAt(Stage.MAIL, "s@example.org", "451 4.7.1 come back later");
        configure("messages=1/d", "recipients=1/d");
        submit(1, "alice");
        eventually(() -> rig.outcomes(Deferred.class).size() == 1);
        clock.pass(HOUR);
        eventually(() -> rig.outcomes(Deferred.class).size() == 2);
        peer.clearOverrides();
        clock.pass(Duration.ofHours(3));
        eventually(() -> delivered("alice") == 1);
        assertThat(rig.outcomes(Held.class)).isEmpty();
    }

    @Test
    void remembersWhatWasUsedAcrossARestart() throws Exception {
        configure("messages=2/d");
        submit(2, "alice");
        assertStaysAt("alice", 2, 0);
        rig.close();
        rig = new EngineRig(clock, state).withPlain();
        configure("messages=2/d");
        submit(1, "alice");
        assertStaysAt("alice", 2, 1);
    }

    @Test
    void goesOnAtOnceWhenTheLimitIsRaised() throws Exception {
        configure("messages=1/d");
        submit(3, "alice");
        assertStaysAt("alice", 1, 2);
        configure("messages=5/d");
        assertStaysAt("alice", 3, 0);
    }

    @Test
    void givesUpMailThatHasWaitedUntilItExpired() throws Exception {
        configuration("messages=1/d")
                .global(OutboundSettings.MESSAGE_EXPIRATION, HOUR)
                .global(OutboundSettings.GENERATE_BOUNCES, false)
                .apply();
        submit(2, "alice");
        assertStaysAt("alice", 1, 1);
        clock.pass(HOUR);
        eventually(() -> rig.outcomes(Failed.class).size() == 1);
        assertThat(rig.outcomes(Failed.class).getFirst().reason())
                .contains("message expired", "has used up its limit messages=1/d");
    }

    @Test
    void doesNotMindALimitWhereNobodyLogsIn() throws Exception {
        try (MailPeer open = MailPeer.builder().start()) {
            configuration("messages=1/d", "sessions=1", "logins=1/d")
                    .route("b.example", open.port())
                    .apply();
            for (int i = 0; i < 5; i++) {
                rig.submit("s@example.org", "Subject: x\r\n\r\n", "x@b.example");
            }
            eventually(() -> open.messageCount() == 5);
        }
    }

    @Test
    void countsDeliveriesOfManyAtOnceExactly() throws Exception {
        configure("messages=40/d", "sessions=4");
        submit(100, "alice");
        assertStaysAt("alice", 40, 60);
        eventually(() -> rig.outcomes(Delivered.class).size() == 40);
    }
}
