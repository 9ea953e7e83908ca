// SPDX-License-Identifier: Apache-2.0
package org.postern.core.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.postern.core.engine.EngineRig.eventually;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postern.core.TestClock;
import org.postern.core.scope.OutboundSettings;
import org.postern.engine.Submission;
import org.postern.engine.dto.QueueView;
import org.postern.peer.Extension;
import org.postern.peer.MailPeer;
import org.postern.peer.ReceivedMessage;
import org.postern.peer.Stage;
import org.postern.spi.mail.Binding;
import org.postern.spi.mail.BodyType;
import org.postern.spi.mail.DeliveryOutcome.Deferred;
import org.postern.spi.mail.DeliveryOutcome.Delivered;
import org.postern.spi.mail.DeliveryOutcome.Failed;
import org.postern.spi.mail.DsnRequest;
import org.postern.spi.mail.DsnRequest.Notify;
import org.postern.spi.mail.DsnRequest.Recipient;
import org.postern.spi.mail.DsnRequest.Return;
import org.postern.spi.mail.Envelope;
import org.postern.spi.mail.MailAddress;
import org.postern.spi.settings.Throttle;

/** What senders are told, and what they want to be told (RFC 3461). */
@Timeout(60)
class DsnTest {

    private static final String TEXT = "Subject: hello\r\n\r\nthe body\r\n";

    private final TestClock clock = new TestClock();
    private EngineRig rig;
    private MailPeer peer;

    @BeforeEach
    void start() throws IOException {
        rig = new EngineRig(clock).withPlain();
        use(MailPeer.builder().start());
    }

    private void use(MailPeer one) {
        peer = one;
        configuration().apply();
    }

    private EngineRig.Configuration configuration() {
        return rig.configure().route("a.example", peer.port()).route("example.org", peer.port());
    }

    @AfterEach
    void stop() {
        rig.close();
        peer.close();
    }

    private void submit(DsnRequest dsn, String... to) throws IOException {
        try (Submission submission = rig.engine.intake().submit()) {
            submission.write(ByteBuffer.wrap(TEXT.getBytes(UTF_8)));
            List<MailAddress> recipients = Stream.of(to).map(MailAddress::parse).toList();
            submission.accept(
                    new Envelope(
                            Optional.of(MailAddress.parse("s@example.org")),
                            recipients,
                            BodyType.SEVEN_BIT,
                            false,
                            dsn),
                    Binding.DEFAULT,
                    Map.of());
        }
    }

    private static DsnRequest wish(Notify... notify) {
        return new DsnRequest(
                Optional.empty(), Optional.empty(), List.of(new Recipient(Set.of(notify), Optional.empty())));
    }

    private String onlyNotification() {
        eventually(() -> notifications().size() == 1);
        eventually(() -> rig.spool.left().isEmpty());
        return new String(notifications().getFirst().content(), UTF_8);
    }

    private List<ReceivedMessage> notifications() {
        return peer.messages().stream()
                .filter(message -> message.mailFrom().isEmpty())
                .toList();
    }

    private void refuse() {
        peer.replyAt(Stage.RCPT, "x@a.example", "550 5.1.1 no such user");
    }

    @Test
    void reachesASenderWhoseServerLacks8bitmime() throws Exception {
        try (MailPeer plain =
                MailPeer.builder().without(Extension.EIGHT_BIT_MIME).start()) {
            refuse();
            rig.configure()
                    .route("a.example", peer.port())
                    .route("example.org", plain.port())
                    .apply();

            rig.submit("s@example.org", TEXT, "x@a.example");

            eventually(() -> plain.messageCount() == 1);
        }
    }

    @Test
    void reportsAFailureInTheSendersOwnTerms() throws Exception {
        refuse();
        submit(
                new DsnRequest(
                        Optional.of(Return.FULL),
                        Optional.of("batch+20seven"),
                        List.of(new Recipient(Set.of(), Optional.of("rfc822;list+2Bx@old.example")))),
                "x@a.example");
        assertThat(onlyNotification())
                .contains("Original-Envelope-Id: batch seven\r\nReporting-MTA: dns; ")
                .contains("Original-Recipient: rfc822; list+x@old.example\r\nFinal-Recipient: rfc822; x@a.example")
                .contains("Content-Type: message/rfc822\r\n", "the body");
    }

    @Test
    void returnsTheHeaderAloneUnlessTheSenderWantsMore() throws Exception {
        refuse();
        submit(DsnRequest.NONE, "x@a.example");
        assertThat(onlyNotification())
                .contains("Content-Type: text/rfc822-headers\r\n", "Subject: hello")
                .doesNotContain("the body");
    }

    @Test
    void keepsSilentWhereTheSenderWantsSilence() throws Exception {
        refuse();
        peer.replyAt(Stage.RCPT, "y@a.example", "550 5.1.1 no such user");
        submit(
                new DsnRequest(
                        Optional.empty(),
                        Optional.empty(),
                        List.of(new Recipient(Set.of(Notify.NEVER), Optional.empty()), Recipient.NONE)),
                "x@a.example",
                "y@a.example");
        assertThat(onlyNotification()).contains("y@a.example").doesNotContain("x@a.example");
    }

    @Test
    void saysThatMailWasHandedToASystemThatWillSayNothing() throws Exception {
        submit(wish(Notify.SUCCESS), "x@a.example");
        assertThat(onlyNotification())
                .contains("Action: relayed\r\n", "Status: 2.0.0", "Diagnostic-Code: smtp; 250 2.0.0")
                .contains("will not tell you of its delivery");
    }

    @Test
    void leavesSuccessToAPeerThatTellsItItself() throws Exception {
        peer.close();
        use(MailPeer.builder().with(Extension.DSN).start());
        DsnRequest wish = new DsnRequest(
                Optional.of(Return.HDRS),
                Optional.of("id7"),
                List.of(new Recipient(Set.of(Notify.SUCCESS), Optional.empty())));
        submit(wish, "x@a.example");
        eventually(() -> rig.spool.left().isEmpty());
        assertThat(peer.messages())
                .singleElement()
                .satisfies(message -> assertThat(message.mailParameters()).contains("RET=HDRS ENVID=id7"));
    }

    @Test
    void tellsOfADelayWhereTheSenderAsksAndNobodyForbidsIt() throws Exception {
        peer.replyAt(Stage.RCPT, "x@a.example", "451 4.3.0 not now");
        submit(wish(Notify.DELAY), "x@a.example");
        eventually(() -> rig.outcomes(Deferred.class).size() == 1);
        clock.pass(Duration.ofHours(2));
        eventually(() -> notifications().size() == 1);
        assertThat(new String(notifications().getFirst().content(), UTF_8)).contains("Action: delayed");
    }

    @Test
    void tellsOfNoDelayWhereTheScopeForbidsIt() throws Exception {
        configuration().global(OutboundSettings.GENERATE_DELAY_DSN, false).apply();
        peer.replyAt(Stage.RCPT, "x@a.example", "451 4.3.0 not now");
        submit(wish(Notify.DELAY), "x@a.example");
        eventually(() -> rig.outcomes(Deferred.class).size() == 1);
        clock.pass(Duration.ofHours(2));
        eventually(() -> rig.outcomes(Deferred.class).size() == 2);
        assertThat(notifications()).isEmpty();
    }

    @Test
    void tellsNobodyOfANotificationThatFails() throws Exception {
        peer.replyAt(Stage.RCPT, "s@example.org", "550 5.1.1 gone");
        refuse();
        submit(DsnRequest.NONE, "x@a.example");
        eventually(() -> rig.outcomes(Failed.class).size() == 2);
        eventually(() -> rig.spool.left().isEmpty());
        assertThat(peer.messageCount()).isZero();
    }

    @Test
    void floodsNobodyWithNotifications() throws Exception {
        configuration()
                .global(OutboundSettings.DSN_THROTTLE, new Throttle(2, Duration.ofHours(1)))
                .apply();
        refuse();
        for (int i = 0; i < 5; i++) {
            submit(DsnRequest.NONE, "x@a.example");
        }
        eventually(
                () -> rig.outcomes(Failed.class).size() == 5 && rig.spool.left().isEmpty());
        assertThat(notifications()).hasSize(2);

        clock.pass(Duration.ofHours(1));
        submit(DsnRequest.NONE, "x@a.example");
        eventually(() -> notifications().size() == 3);
    }

    @Test
    void notesDeliveriesThoughANotificationCannotBeStored() throws Exception {
        Throttle one = new Throttle(1, Duration.ofHours(1));
        configuration()
                .global(OutboundSettings.DSN_THROTTLE, one)
                .global(OutboundSettings.SUSPEND_DELIVERY, true)
                .apply();
        refuse();
        submit(DsnRequest.NONE, "x@a.example", "y@a.example");
        rig.spool.failing = true;
        configuration().global(OutboundSettings.DSN_THROTTLE, one).apply();
        eventually(() -> rig.outcomes(Delivered.class).size() == 1);
        eventually(() -> rig.spool.left().getFirst().states().get(1).settled());
        assertThat(rig.spool.left().getFirst().states().getFirst().settled()).isFalse();
        // A minute that passes before it waits would count twice.
        eventually(() -> rig.inQueues(queue -> queue.delayed() + queue.held()) == 1);

        rig.spool.failing = false;
        clock.pass(Duration.ofMinutes(1));
        assertThat(onlyNotification()).contains("x@a.example").doesNotContain("y@a.example");
        assertThat(peer.messages()).hasSize(2);
    }

    private void awaitHeld(int refusedNotifications) {
        eventually(() -> rig.spool.refused.get() == refusedNotifications && rig.inQueues(QueueView::held) == 1);
    }

    @Test
    void doesNotTryAgainWhatWasRefusedWhileItsSenderCannotBeTold() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        peer.override((stage, argument, connection) -> stage == Stage.RCPT && argument.equals("x@a.example")
                ? Optional.of(tries.incrementAndGet() == 1 ? "550 5.1.1 no such user" : "250 2.1.5 welcome")
                : Optional.empty());
        configuration().global(OutboundSettings.SUSPEND_DELIVERY, true).apply();
        submit(DsnRequest.NONE, "x@a.example");
        rig.spool.failing = true;
        configuration().apply();
        eventually(() -> rig.outcomes(Failed.class).size() == 1);
        for (int minute = 1; minute <= 3; minute++) {
            awaitHeld(minute);
            clock.pass(Duration.ofMinutes(1));
        }
        awaitHeld(4);
        rig.spool.failing = false;
        clock.pass(Duration.ofMinutes(1));
        assertThat(onlyNotification()).contains("550 5.1.1 no such user");
        assertThat(tries).hasValue(1);
        assertThat(rig.outcomes(Failed.class)).hasSize(1);
    }
}
