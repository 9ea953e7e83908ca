// SPDX-License-Identifier: Apache-2.0
package org.postern.core.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.postern.core.engine.EngineRig.eventually;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.core.TestClock;
import org.postern.core.scope.OutboundSettings;
import org.postern.engine.dto.QueueView;
import org.postern.peer.MailPeer;
import org.postern.peer.Stage;
import org.postern.spi.mail.DeliveryOutcome.Deferred;
import org.postern.spi.mail.DeliveryOutcome.Delivered;
import org.postern.spi.mail.DeliveryOutcome.Failed;
import org.postern.spi.mail.DeliveryOutcome.Held;
import org.postern.spi.mail.MessageId;
import org.postern.spi.spool.RecipientState;
import org.postern.spi.spool.RecipientUpdate;

/** When delivery is given up, and what is never counted against a recipient. */
@Timeout(60)
class RetryOptionsTest {

    private final TestClock clock = new TestClock();
    private EngineRig rig;
    private MailPeer peer;

    @BeforeEach
    void start() throws IOException {
        rig = new EngineRig(clock).withPlain();
        peer = MailPeer.builder()
                .mechanisms("PLAIN")
                .account("alice", "wonderland")
                .start();
    }

    @AfterEach
    void stop() {
        rig.close();
        peer.close();
    }

    private EngineRig.Configuration configuration() {
        return rig.configure().route("a.example", peer.port()).route("example.org", peer.port());
    }

    private void refuseForNow() {
        peer.replyAt(Stage.RCPT, "x@a.example", "451 4.3.0 not now");
    }

    private void submit() throws IOException {
        rig.submit("s@example.org", "Subject: x\r\n\r\n", "x@a.example");
    }

    private String notification() {
        eventually(() -> peer.messages().size() == 1);
        return new String(peer.messages().getFirst().content(), UTF_8);
    }

    @Test
    void triesAsOftenAsTheScopeSaysAndThenTellsTheSender() throws Exception {
        configuration().global(OutboundSettings.MAX_RETRIES, "2").apply();
        refuseForNow();
        submit();
        for (int attempt = 1; attempt <= 2; attempt++) {
            int count = attempt;
            eventually(() -> rig.outcomes(Deferred.class).size() == count);
            clock.pass(Duration.ofHours(3));
        }

        assertThat(notification())
                .contains("exceeded max retries without delivery")
                .contains("451 4.3.0 not now");
        assertThat(rig.outcomes(Deferred.class)).hasSize(2);
        eventually(() -> rig.spool.left().isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "none", "NONE"})
    void leavesItToTimeWhereNoNumberIsSaid(String written) throws Exception {
        configuration()
                .global(OutboundSettings.MAX_RETRIES, written)
                .global(OutboundSettings.MAX_RETRY_INTERVAL, Duration.ofMinutes(20))
                .apply();
        refuseForNow();
        submit();
        for (int attempt = 1; attempt <= 12; attempt++) {
            int count = attempt;
            eventually(() -> rig.outcomes(Deferred.class).size() == count);
            clock.pass(Duration.ofMinutes(23));
        }
        assertThat(rig.outcomes(Failed.class)).isEmpty();
    }

    @Test
    void triesAgainWithinSecondsWhereTheConnectionWasLostAndThenLeavesThePeerAlone() throws Exception {
        configuration().apply();
        peer.replyAt(Stage.RCPT, "x@a.example", "99");
        submit();
        eventually(() -> rig.outcomes(Deferred.class).size() == 1);
        clock.pass(Duration.ofSeconds(11));
        eventually(() -> rig.outcomes(Deferred.class).size() == 2);
        Instant soon = clock.instant().plus(Duration.ofMinutes(30));
        eventually(() -> rig.spool.left().getFirst().states().getFirst().due().isAfter(soon));
        peer.clearOverrides();
        clock.pass(Duration.ofMinutes(45));
        eventually(() -> rig.outcomes(Delivered.class).size() == 1);
    }

    @Test
    void spendsNoNumberedAttemptOnAQuickOne() throws Exception {
        configuration().global(OutboundSettings.MAX_RETRIES, "1").apply();
        peer.replyAt(Stage.RCPT, "x@a.example", "99");
        submit();
        eventually(() -> rig.outcomes(Deferred.class).size() == 1);
        assertThat(rig.spool.left().getFirst().states().getFirst().due())
                .isAfter(clock.instant().plus(Duration.ofMinutes(17)));
    }

    @Test
    void waitsNoLongerThanTheLongestIntervalThoughTheClockWasAhead() throws Exception {
        configuration().apply();
        refuseForNow();
        submit();
        eventually(() -> rig.outcomes(Deferred.class).size() == 1);
        rig.spool.record(
                new MessageId("m1"),
                List.of(new RecipientUpdate(
                        0, new RecipientState(false, 1, clock.instant().plus(Duration.ofDays(3650))))));
        rig.close();
        peer.clearOverrides();
        rig = rig.restarted(clock).withPlain();
        configuration().apply();
        eventually(() -> !rig.engine.runtime().queues().isEmpty());
        clock.pass(Duration.ofHours(14));
        eventually(() -> rig.outcomes(Delivered.class).size() == 1);
    }

    @Test
    void givesUpAtOnceWhereNothingIsTriedAgain() throws Exception {
        configuration().domain("a.example", OutboundSettings.NEVER_RETRY, true).apply();
        refuseForNow();
        submit();
        assertThat(notification()).contains("exceeded max retries without delivery");
        assertThat(rig.outcomes(Deferred.class)).isEmpty();
    }

    @Test
    void countsARefusedPasswordAgainstNobody() throws Exception {
        configuration()
                .domain("a.example", OutboundSettings.NEVER_RETRY, true)
                .login("a.example", "alice", "wrong")
                .apply();
        submit();
        eventually(() -> rig.outcomes(Held.class).size() == 1);
        assertThat(rig.outcomes(Failed.class)).isEmpty();
        assertThat(rig.spool.left()).hasSize(1);
    }

    @Test
    void countsASessionLostDuringAuthAgainstNobody() throws Exception {
        configuration()
                .domain("a.example", OutboundSettings.NEVER_RETRY, true)
                .login("a.example", "alice", "wonderland")
                .apply();
        peer.replyAt(Stage.AUTH, "PLAIN", "99");
        submit();
        eventually(() -> rig.outcomes(Deferred.class).size() == 1);
        assertThat(rig.outcomes(Failed.class)).isEmpty();
    }

    @Test
    void triesAnExpiredMessageOnceMore() throws Exception {
        configuration().apply();
        refuseForNow();
        submit();
        eventually(() -> rig.outcomes(Deferred.class).size() == 1);
        peer.clearOverrides();
        clock.pass(Duration.ofDays(2));
        eventually(() -> rig.outcomes(Delivered.class).size() == 1);
    }

    @Test
    void doesNotTryAnExpiredMessageOnceMoreWhereTheScopeSaysSo() throws Exception {
        configuration()
                .domain("a.example", OutboundSettings.NEVER_ATTEMPT_EXPIRED_MESSAGES, true)
                .apply();
        refuseForNow();
        submit();
        eventually(() -> rig.outcomes(Deferred.class).size() == 1);
        peer.clearOverrides();
        clock.pass(Duration.ofDays(2));
        assertThat(notification())
                .contains("delivery not attempted (message expired)")
                .contains("before: 451 4.3.0 not now");
    }

    private int inQueues(ToIntFunction<QueueView> what) {
        return rig.inQueues(what);
    }

    @Test
    void tellsTheSenderOfADelayAtGrowingIntervalsWhereTheScopeSaysSo() throws Exception {
        configuration()
                .domain("a.example", OutboundSettings.GENERATE_DELAY_DSN, true)
                .domain("a.example", OutboundSettings.MAX_RETRY_INTERVAL, Duration.ofMinutes(20))
                .apply();
        refuseForNow();
        submit();
        List<Long> noticesAfter = new ArrayList<>();
        for (int attempt = 1; attempt <= 12; attempt++) {
            int count = attempt;
            eventually(() -> rig.outcomes(Deferred.class).size() == count && inQueues(QueueView::delayed) == 1);
            eventually(() -> inQueues(QueueView::active) == 0
                    && rig.outcomes(Delivered.class).size() == peer.messageCount());
            noticesAfter.add(peer.messageCount());
            clock.pass(Duration.ofMinutes(23));
        }
        // Due after 1 and after 3 hours; looked at every 23 minutes.
        assertThat(noticesAfter).containsExactly(0L, 0L, 0L, 1L, 1L, 1L, 1L, 1L, 2L, 2L, 2L, 2L);
        assertThat(new String(peer.messages().getFirst().content(), UTF_8))
                .contains("Action: delayed", "Will-Retry-Until: Fri, 2 Jan 2026 00:00:00 +0000", "451 4.3.0 not now");
    }

    @Test
    void tellsNobodyOfADelayUnlessTheScopeSaysSo() throws Exception {
        configuration().apply();
        refuseForNow();
        submit();
        for (int attempt = 1; attempt <= 4; attempt++) {
            int count = attempt;
            eventually(() -> rig.outcomes(Deferred.class).size() == count);
            clock.pass(Duration.ofHours(4));
        }
        assertThat(peer.messageCount()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "inline"})
    void failsBlackholedMailAndTellsItsSender(String written) throws Exception {
        configuration().domain("a.example", OutboundSettings.BLACKHOLE, written).apply();
        submit();
        assertThat(notification()).contains("blackholed by", "/nowhere/test.conf:3");
        assertThat(peer.messages().getFirst().recipients()).containsExactly("s@example.org");
    }

    @Test
    void tellsNobodyOfMailThatIsThrownAwayInside() throws Exception {
        configuration()
                .domain("a.example", OutboundSettings.BLACKHOLE, "internal")
                .apply();
        submit();
        eventually(() -> rig.outcomes(Failed.class).size() == 1);
        eventually(() -> rig.spool.left().isEmpty());
        assertThat(peer.connections()).isZero();
    }

    @Test
    void holdsMailWhileThisSidesCertificateCannotBeUsedAndBlamesNoPeer() throws Exception {
        configuration()
                .domain("a.example", OutboundSettings.TLS, "ifavailable")
                .domain("a.example", OutboundSettings.TLS_CERTIFICATE, "gone.pem")
                .apply();
        submit();
        eventually(() -> rig.outcomes(Held.class).size() == 1);
        assertThat(rig.outcomes(Held.class).getFirst().reason()).contains("/nowhere/gone.pem cannot be read");
        assertThat(peer.connections()).isZero();

        configuration()
                .domain("a.example", OutboundSettings.TLS, "ifavailable")
                .domain("a.example", OutboundSettings.TLS_CERTIFICATE, "none")
                .apply();
        eventually(() -> rig.outcomes(Delivered.class).size() == 1);
        assertThat(rig.spool.left()).isEmpty();
    }
}
