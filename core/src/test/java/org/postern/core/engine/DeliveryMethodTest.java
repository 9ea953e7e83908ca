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
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postern.core.TestClock;
import org.postern.core.scope.OutboundSettings;
import org.postern.engine.Submission;
import org.postern.peer.Extension;
import org.postern.peer.MailPeer;
import org.postern.peer.Stage;
import org.postern.spi.mail.Binding;
import org.postern.spi.mail.BodyType;
import org.postern.spi.mail.DeliveryOutcome.Deferred;
import org.postern.spi.mail.DeliveryOutcome.Delivered;
import org.postern.spi.mail.DeliveryOutcome.Failed;
import org.postern.spi.mail.Envelope;
import org.postern.spi.mail.MailAddress;

/** Who is spoken to how, and under which name. */
@Timeout(60)
class DeliveryMethodTest {

    private final TestClock clock = new TestClock();
    private final List<String> hellos = new CopyOnWriteArrayList<>();
    private EngineRig rig;
    private MailPeer store;
    private MailPeer relay;

    @BeforeEach
    void start() throws IOException {
        rig = new EngineRig(clock).withPlain();
        store = MailPeer.builder().lmtp().start();
        relay = MailPeer.builder().start();
        relay.override((stage, argument, connection) -> {
            if (stage == Stage.EHLO) {
                hellos.add(argument);
            }
            return Optional.empty();
        });
    }

    @AfterEach
    void stop() {
        rig.close();
        store.close();
        relay.close();
    }

    private EngineRig.Configuration lmtp() {
        return rig.configure()
                .domain("a.example", OutboundSettings.DELIVERY_METHOD, "LMTP")
                .domain("a.example", OutboundSettings.LMTP_PORT, (long) store.port())
                .domain("a.example", OutboundSettings.ROUTES, List.of("127.0.0.1"))
                .route("example.org", relay.port());
    }

    @Test
    void settlesEachRecipientByItsOwnReplyOverLmtp() throws Exception {
        store.replyAt(Stage.CONTENT, "full@a.example", "452 4.2.2 full");
        store.replyAt(Stage.CONTENT, "gone@a.example", "550 5.1.1 gone");
        lmtp().apply();
        rig.submit("s@example.org", "Subject: x\r\n\r\n", "x@a.example", "full@a.example", "gone@a.example");

        eventually(() -> relay.messageCount() == 1);
        assertThat(new String(relay.messages().getFirst().content(), UTF_8))
                .contains("gone@a.example")
                .doesNotContain("full@a.example");
        assertThat(rig.outcomes(Deferred.class)).hasSize(1);
        assertThat(rig.outcomes(Failed.class)).hasSize(1);
        assertThat(store.messages().getFirst().recipients()).containsExactly("x@a.example");

        store.clearOverrides();
        clock.pass(Duration.ofHours(1));
        eventually(() -> store.messageCount() == 2);
        assertThat(store.messages().getLast().recipients()).containsExactly("full@a.example");
        eventually(() -> rig.spool.left().isEmpty());
    }

    @Test
    void usesALmtpSessionAgain() throws Exception {
        lmtp().global(OutboundSettings.IDLE_TIMEOUT, Duration.ofHours(1)).apply();
        for (int i = 1; i <= 3; i++) {
            int count = i;
            rig.submit("s@example.org", "Subject: x\r\n\r\n", "x@a.example");
            eventually(() -> rig.outcomes(Delivered.class).size() == count);
        }
        assertThat(store.connections()).isEqualTo(1);
    }

    @Test
    void introducesItselfByTheDomainOfTheSenderAndSharesNoSessionBetweenNames() throws Exception {
        rig.configure()
                .route("b.example", relay.port())
                .global(OutboundSettings.EHLO_HOSTNAME, "__message__")
                .global(OutboundSettings.IDLE_TIMEOUT, Duration.ofHours(1))
                .apply();
        for (String sender : new String[] {"s@one.example", "t@two.example", "u@one.example"}) {
            long before = relay.messageCount();
            rig.submit(sender, "Subject: x\r\n\r\n", "x@b.example");
            eventually(() -> rig.outcomes(Delivered.class).size() == before + 1);
        }
        assertThat(hellos).containsExactly("one.example", "two.example");
    }

    private void submitEightBit() throws IOException {
        try (Submission submission = rig.engine.intake().submit()) {
            submission.write(ByteBuffer.wrap("Subject: x\r\n\r\n\u00e9\r\n".getBytes(UTF_8)));
            submission.accept(
                    new Envelope(
                            Optional.of(MailAddress.parse("s@example.org")),
                            List.of(MailAddress.parse("x@b.example")),
                            BodyType.EIGHT_BIT_MIME,
                            false),
                    Binding.DEFAULT,
                    Map.of());
        }
    }

    @Test
    void declaresEightBitContentAndGivesUpWhereThePeerTakesNone() throws Exception {
        rig.configure().route("b.example", relay.port()).apply();
        submitEightBit();
        eventually(() -> relay.messageCount() == 1);
        assertThat(relay.messages().getFirst().mailParameters()).contains("BODY=8BITMIME");

        try (MailPeer old = MailPeer.builder().without(Extension.EIGHT_BIT_MIME).start()) {
            rig.configure()
                    .route("b.example", old.port())
                    .global(OutboundSettings.GENERATE_BOUNCES, false)
                    .apply();
            submitEightBit();
            eventually(() -> rig.outcomes(Failed.class).size() == 1);
            assertThat(rig.outcomes(Failed.class).getFirst().reason()).contains("5.6.3");
        }
    }

    @Test
    void sendsEightBitContentUnsaidWhereTheScopeSaysSo() throws Exception {
        try (MailPeer old = MailPeer.builder().without(Extension.EIGHT_BIT_MIME).start()) {
            rig.configure()
                    .route("b.example", old.port())
                    .global(OutboundSettings.SEND_8BITMIME, "no")
                    .apply();
            submitEightBit();
            eventually(() -> old.messageCount() == 1);
            assertThat(old.messages().getFirst().mailParameters()).doesNotContain("BODY");
        }
    }

    @Test
    void introducesItselfByItsOwnNameForANullSender() throws Exception {
        rig.configure()
                .route("b.example", relay.port())
                .global(OutboundSettings.EHLO_HOSTNAME, "__message__")
                .apply();
        rig.submit("", "Subject: x\r\n\r\n", "x@b.example");
        eventually(() -> relay.messageCount() == 1);
        assertThat(hellos).singleElement().asString().isNotEmpty();
    }
}
