// SPDX-License-Identifier: Apache-2.0
package org.postern.core.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.postern.core.engine.EngineRig.eventually;

import java.io.IOException;
import java.time.Duration;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postern.core.TestClock;
import org.postern.core.scope.OutboundSettings;
import org.postern.engine.dto.QueueView;
import org.postern.peer.MailPeer;
import org.postern.peer.Stage;
import org.postern.spi.mail.DeliveryOutcome.Deferred;
import org.postern.spi.mail.DeliveryOutcome.Delivered;
import org.postern.spi.mail.DeliveryOutcome.Failed;
import org.postern.spi.mail.MessageId;

/** Mail that the spool has and cannot read: it waits as long as there is hope, and its sender hears of it. */
@Timeout(60)
class UnreadableMailTest {

    private static final Duration EXPIRATION =
            OutboundSettings.MESSAGE_EXPIRATION.defaultValue().orElseThrow();
    private static final Duration YEARS = Duration.ofDays(10_000);

    private final TestClock clock = new TestClock();
    private EngineRig rig;
    private MailPeer peer;

    @BeforeEach
    void start() throws IOException {
        rig = new EngineRig(clock);
        peer = MailPeer.builder().start();
    }

    @AfterEach
    void stop() {
        rig.close();
        peer.close();
    }

    private EngineRig.Configuration configuration() {
        return rig.configure().route("a.example", peer.port()).route("example.org", peer.port());
    }

    private void refuse() {
        peer.replyAt(Stage.RCPT, "x@a.example", "550 5.1.1 no such user");
    }

    /** A message that is damaged before it is tried, and put off for that. */
    private MessageId damaged(String sender) throws IOException {
        rig.spool.damaged.add(new MessageId("m1"));
        configuration().apply();
        MessageId id = rig.submit(sender, "Subject: hello\r\n\r\n", "x@a.example");
        eventually(() -> rig.outcomes(Deferred.class).size() == 1 && waiting(QueueView::delayed) == 1);
        return id;
    }

    private void tryAgainAfter(Duration time) {
        int before = rig.outcomes(Failed.class).size();
        clock.pass(time);
        eventually(() -> rig.outcomes(Failed.class).size() == before + 1);
    }

    /** Waiting again: time that passed before it does would count twice. */
    private void awaitHeld() {
        eventually(() -> waiting(QueueView::held) == 1);
        assertThat(peer.messages()).isEmpty();
    }

    private int waiting(ToIntFunction<QueueView> how) {
        return rig.inQueues(how);
    }

    private String notification() {
        eventually(() -> peer.messageCount() == 1);
        eventually(() -> rig.spool.left().isEmpty());
        assertThat(peer.messages().getFirst().mailFrom()).isEmpty();
        return new String(peer.messages().getFirst().content(), UTF_8);
    }

    @Test
    void isReportedWithoutItsHeaderWhenItsTimeIsOverAndAnHourHasGivenNoHope() throws Exception {
        MessageId id = damaged("s@example.org");
        tryAgainAfter(EXPIRATION);
        awaitHeld();
        tryAgainAfter(Duration.ofHours(1));
        awaitHeld();

        tryAgainAfter(Duration.ofMinutes(1));

        assertThat(notification())
                .contains("Final-Recipient: rfc822; x@a.example\r\n", "Action: failed\r\n", "Status: 5.4.7\r\n")
                .contains("X-Postern-Message: " + id + "\r\n", "The message itself could not be read any more")
                .contains("the content could not be read: ", "does not match its checksum")
                .doesNotContain("rfc822-headers", "Subject: hello");
        assertThat(rig.outcomes(Failed.class)).hasSize(3);
    }

    @Test
    void isNotGivenUpWithinTheHourHoweverOftenItIsTried() throws Exception {
        damaged("s@example.org");
        tryAgainAfter(EXPIRATION);
        awaitHeld();
        for (int i = 1; i < 4; i++) {
            tryAgainAfter(Duration.ofMinutes(15));
            awaitHeld();
        }

        tryAgainAfter(Duration.ofMinutes(15));

        assertThat(notification()).contains("could not be read any more");
    }

    @Test
    void comesBackWithItsHeaderAfterADiskThatFailedForAMomentBesideAClockThatJumped() throws Exception {
        refuse();
        damaged("s@example.org");
        tryAgainAfter(YEARS);
        awaitHeld();
        tryAgainAfter(YEARS);
        awaitHeld();

        rig.spool.damaged.clear();
        clock.pass(Duration.ofMinutes(1));

        assertThat(notification()).contains("Subject: hello").doesNotContain("could not be read any more");
    }

    @Test
    void countsItsHourAnewOnceItCouldBeRead() throws Exception {
        refuse();
        MessageId id = damaged("s@example.org");
        tryAgainAfter(EXPIRATION);
        awaitHeld();
        tryAgainAfter(Duration.ofHours(1));
        awaitHeld();
        rig.spool.damaged.clear();
        rig.spool.failing = true;
        tryAgainAfter(Duration.ofMinutes(1));
        awaitHeld();

        rig.spool.damaged.add(id);
        rig.spool.failing = false;
        int before = rig.spool.unread.get();
        clock.pass(Duration.ofMinutes(1));
        eventually(() -> rig.spool.unread.get() > before);

        awaitHeld();
    }

    @Test
    void isDeliveredWhenItCanBeReadAgainInTime() throws Exception {
        damaged("s@example.org");
        rig.spool.damaged.clear();
        clock.pass(EXPIRATION.dividedBy(2));

        eventually(() -> rig.outcomes(Delivered.class).size() == 1);
        assertThat(rig.outcomes(Failed.class)).isEmpty();
    }

    @Test
    void endsAtItsTimeWhereNobodyIsToBeTold() throws Exception {
        damaged("");
        tryAgainAfter(EXPIRATION);
        eventually(() -> rig.spool.left().isEmpty());
        assertThat(peer.messages()).isEmpty();
    }
}
