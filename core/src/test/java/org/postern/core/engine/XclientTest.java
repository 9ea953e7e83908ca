// SPDX-License-Identifier: Apache-2.0
package org.postern.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.postern.core.engine.EngineRig.eventually;

import java.io.IOException;
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
import org.postern.peer.MailPeer;
import org.postern.peer.Stage;
import org.postern.spi.mail.DeliveryOutcome.Deferred;
import org.postern.spi.mail.DeliveryOutcome.Delivered;
import org.postern.spi.mail.DeliveryOutcome.Failed;
import org.postern.spi.mail.DeliveryOutcome.Held;
import org.postern.spi.mail.SubmittingClient;

/** Who handed a message in, and whether the next relay is told. */
@Timeout(60)
class XclientTest {

    private static final Map<String, String> ONE = client("192.0.2.1");
    private static final Map<String, String> TWO = client("192.0.2.2");

    private final TestClock clock = new TestClock();
    private final List<String> said = new CopyOnWriteArrayList<>();
    private EngineRig rig;
    private MailPeer peer;

    private static Map<String, String> client(String address) {
        return new SubmittingClient(
                        Optional.empty(),
                        Optional.of(address),
                        Optional.of("49152"),
                        Optional.of("pc.example"),
                        Optional.of("ESMTP"))
                .variables();
    }

    @BeforeEach
    void start() throws IOException {
        rig = new EngineRig(clock).withPlain();
        peer = MailPeer.builder()
                .capability("XCLIENT NAME ADDR PORT PROTO HELO LOGIN")
                .mechanisms("PLAIN")
                .account("alice", "wonderland")
                .start();
        peer.override((stage, argument, connection) -> {
            if (stage == Stage.XCLIENT || stage == Stage.AUTH) {
                said.add(stage + " " + argument);
            }
            return Optional.empty();
        });
    }

    @AfterEach
    void stop() {
        rig.close();
        peer.close();
    }

    private EngineRig.Configuration told(String how) {
        return rig.configure()
                .route("a.example", peer.port())
                .domain("a.example", OutboundSettings.XCLIENT, how)
                .global(OutboundSettings.IDLE_TIMEOUT, Duration.ofHours(1));
    }

    private void deliver(Map<String, String> context, String to) throws IOException {
        int before = rig.outcomes(Delivered.class).size();
        rig.submit("s@example.org", "Subject: x\r\n\r\n", context, to);
        eventually(() -> rig.outcomes(Delivered.class).size() == before + 1);
    }

    @Test
    void tellsThePeerBeforeItLogsIn() throws Exception {
        told("required").login("a.example", "alice", "wonderland").apply();
        deliver(ONE, "x@a.example");
        assertThat(said)
                .containsExactly(
                        "XCLIENT NAME=[UNAVAILABLE] ADDR=192.0.2.1 PORT=49152 PROTO=ESMTP HELO=pc.example",
                        "AUTH PLAIN");
        assertThat(peer.messages().getFirst().user()).contains("alice");
    }

    @Test
    void sharesASessionBetweenMessagesOfOneClientOnly() throws Exception {
        told("ifavailable").apply();
        deliver(ONE, "x@a.example");
        deliver(ONE, "y@a.example");
        deliver(TWO, "x@a.example");
        deliver(Map.of(), "x@a.example");
        assertThat(said).hasSize(3);
        assertThat(said.get(1)).contains("192.0.2.2");
        assertThat(peer.connections()).isEqualTo(3);
    }

    @Test
    void saysThatNobodyKnowsWhoHandedAMessageIn() throws Exception {
        told("required").apply();
        deliver(Map.of("xclient_addr", "192.0.2.1\r\nQUIT", "xclient_helo", "a\0b"), "x@a.example");
        assertThat(said)
                .containsExactly("XCLIENT NAME=[UNAVAILABLE] ADDR=[UNAVAILABLE] PORT=[UNAVAILABLE]"
                        + " PROTO=[UNAVAILABLE] HELO=[UNAVAILABLE]");
    }

    @Test
    void tellsNobodyUnlessTheScopeSaysSo() throws Exception {
        rig.configure().route("a.example", peer.port()).apply();
        deliver(ONE, "x@a.example");
        assertThat(said).isEmpty();
    }

    @Test
    void putsAMessageOffWhereAPeerHasToBeToldAndOffersNoXclient() throws Exception {
        try (MailPeer old = MailPeer.builder().start()) {
            rig.configure()
                    .route("a.example", old.port())
                    .route("b.example", old.port())
                    .domain("a.example", OutboundSettings.XCLIENT, "required")
                    .apply();
            rig.submit("s@example.org", "Subject: x\r\n\r\n", ONE, "x@a.example");
            eventually(() -> !rig.outcomes(Deferred.class).isEmpty());
            assertThat(rig.outcomes(Deferred.class).getFirst().reason())
                    .isEqualTo("4.7.6 [internal] XCLIENT required but not advertised");
            assertThat(old.messageCount()).isZero();

            // The host is not to blame: mail that needs no XCLIENT goes there at once.
            deliver(ONE, "x@b.example");
        }
    }

    @Test
    void putsAMessageOffAndDoesNotBounceItWhereAPeerRefusesForGood() throws Exception {
        peer.replyAt(Stage.XCLIENT, "", "550 5.7.0 you may not");
        told("required").apply();
        rig.submit("s@example.org", "Subject: x\r\n\r\n", ONE, "x@a.example");
        eventually(() -> !rig.outcomes(Deferred.class).isEmpty());
        assertThat(rig.outcomes(Failed.class)).isEmpty();
        assertThat(rig.outcomes(Deferred.class).getFirst().reason()).contains("XCLIENT", "550 5.7.0");

        peer.clearOverrides();
        clock.pass(Duration.ofHours(1));
        eventually(() -> peer.messageCount() == 1);
    }

    @Test
    void goesOnWithoutWhereAPeerNeedNotBeTold() throws Exception {
        peer.replyAt(Stage.XCLIENT, "", "550 5.7.0 you may not");
        told("ifavailable").login("a.example", "alice", "wonderland").apply();
        deliver(ONE, "x@a.example");
        assertThat(peer.messages().getFirst().user()).contains("alice");
    }

    @Test
    void tellsAPeerThatSpeaksLmtpAndOneThatIsSpokenToInSmtp() throws Exception {
        try (MailPeer store =
                MailPeer.builder().lmtp().capability("XCLIENT ADDR").start()) {
            store.override((stage, argument, connection) -> {
                if (stage == Stage.XCLIENT) {
                    said.add("LMTP " + argument);
                }
                return Optional.empty();
            });
            told("required")
                    .domain("a.example", OutboundSettings.DELIVERY_METHOD, "SMTP")
                    .route("b.example", store.port())
                    .domain("b.example", OutboundSettings.DELIVERY_METHOD, "LMTP")
                    .domain("b.example", OutboundSettings.XCLIENT, "required")
                    .apply();
            deliver(ONE, "x@a.example");
            deliver(TWO, "x@b.example");
        }
        assertThat(said)
                .containsExactly(
                        "XCLIENT NAME=[UNAVAILABLE] ADDR=192.0.2.1 PORT=49152 PROTO=ESMTP HELO=pc.example",
                        "LMTP ADDR=192.0.2.2");
    }

    @Test
    void knowsTheClientOfAMessageThatWaited() throws Exception {
        told("required").global(OutboundSettings.SUSPEND_DELIVERY, true).apply();
        rig.submit("s@example.org", "Subject: x\r\n\r\n", ONE, "x@a.example");
        eventually(() -> !rig.outcomes(Held.class).isEmpty());
        assertThat(rig.spool.left().getFirst().context()).isEqualTo(ONE);
        told("required").apply();
        eventually(() -> peer.messageCount() == 1);
        assertThat(said).singleElement().asString().contains("ADDR=192.0.2.1");
    }

    @Test
    void doesNotStoreTheClientWhereNobodyIsToldOrWhereItIsExcluded() throws Exception {
        told("no").global(OutboundSettings.SUSPEND_DELIVERY, true).apply();
        rig.submit("s@example.org", "Subject: x\r\n\r\n", ONE, "x@a.example");
        assertThat(rig.spool.left().getFirst().context()).isEmpty();

        told("required")
                .global(OutboundSettings.SUSPEND_DELIVERY, true)
                .global(OutboundSettings.EXCLUDE_VCTX_MESS, List.of("^xclient_(addr|port)$"))
                .apply();
        rig.submit("s@example.org", "Subject: x\r\n\r\n", TWO, "x@a.example");
        assertThat(rig.spool.left().getLast().context()).containsOnlyKeys("xclient_helo", "xclient_proto");
    }
}
