// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postern.core.smtp.SmtpFault.Kind;
import org.postern.peer.ScriptedPeer;
import org.postern.peer.TestAuthority;
import org.postern.spi.mail.DeliveryStage;
import org.postern.spi.mail.SmtpReply;

/** What is learned from one BDAT for the next, and what the dialogue files cannot say. */
@Timeout(60)
class ChunkingTest {

    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final String HELLO = """
            S: 220 mx
            C: *
            S: 250-mx
            S: 250-PIPELINING
            S: 250 CHUNKING
            """;
    private static final String FLIGHT = """
            C: MAIL FROM:<sender@example.test>
            C: RCPT TO:<one@example.test>
            C: BDAT 50 LAST
            C: <octets 50>
            """;
    private static final String BY_DATA = """
            C: MAIL FROM:<sender@example.test>
            C: RCPT TO:<one@example.test>
            C: DATA
            S: 250 ok
            S: 250 ok
            S: 354 go
            C: <content>
            S: 250 taken
            C: QUIT
            S: 221 bye
            """;
    private static final String ACCEPTED = """
            S: 250 ok
            S: 250 ok
            S: 250 taken
            """;

    private final SmtpConnector connector = new SmtpConnector();
    private SmtpTimeouts timeouts = SmtpTimeouts.all(PATIENCE);

    @AfterEach
    void closeConnector() {
        connector.close();
    }

    private static ScriptedPeer peer(String dialogue) throws Exception {
        return ScriptedPeer.playText("chunking", dialogue, TestAuthority.create(), PATIENCE);
    }

    private SmtpConnection open(ScriptedPeer peer, Protocol protocol) throws SmtpFault {
        return connector.open(
                new SessionParameters(
                        new Endpoint("localhost", InetAddress.getLoopbackAddress(), peer.port(), false),
                        Optional.empty(),
                        "client.test",
                        new TlsPolicy(
                                TlsPolicy.Level.NEVER,
                                TlsPolicy.Verification.NONE,
                                Optional.empty(),
                                TlsPolicy.Fallback.NONE),
                        false,
                        timeouts,
                        protocol),
                WireTap.NONE);
    }

    private TransactionResult sendOnce(ScriptedPeer peer) throws SmtpFault {
        try (SmtpConnection connection = open(peer, Protocol.ESMTP)) {
            TransactionResult result = connection.send(TestMessage.to("one@example.test"));
            connection.quit();
            return result;
        }
    }

    private void goesByDataAfter(String answer, Kind fault) throws Exception {
        try (ScriptedPeer peer =
                peer("--- connection 1\n" + HELLO + FLIGHT + answer + "--- connection 2\n" + HELLO + BY_DATA)) {
            assertThat(sendOnce(peer).fault().orElseThrow().kind()).isEqualTo(fault);
            assertThat(sendOnce(peer).isConfirmed()).isTrue();
            peer.verify();
        }
    }

    @Test
    void sendsByDataWhereBdatIsNotKnown() throws Exception {
        goesByDataAfter("S: 250 ok\nS: 250 ok\nS: 500 what\nwait\n", Kind.CHUNKING_REFUSED);
    }

    @Test
    void sendsByDataWhereBdatMadeThePeerHangUp() throws Exception {
        goesByDataAfter("S: 250 ok\nS: 250 ok\nclose\n", Kind.CONNECTION_LOST);
    }

    @Test
    void sendsByDataWhereBdatMadeThePeerFallSilent() throws Exception {
        timeouts = Given.shortened("confirmation", Duration.ofMillis(400));
        goesByDataAfter("S: 250 ok\nS: 250 ok\nwait\n", Kind.TIMEOUT);
    }

    @Test
    void sendsByDataWhereBdatWasTakenForData() throws Exception {
        goesByDataAfter("S: 250 ok\nS: 250 ok\nS: 354 go\nwait\n", Kind.PROTOCOL_ERROR);
    }

    @Test
    void sendsByDataWhereARefusedChunkWasTakenForCommands() throws Exception {
        try (ScriptedPeer peer = peer("--- connection 1\n" + HELLO + FLIGHT + """
                S: 250 ok
                S: 550 no
                S: 554 nobody
                C: RSET
                S: 500 Subject: what
                wait
                --- connection 2
                """ + HELLO + BY_DATA)) {
            try (SmtpConnection connection = open(peer, Protocol.ESMTP)) {
                connection.send(TestMessage.to("one@example.test"));
                assertThat(connection
                                .send(TestMessage.to("one@example.test"))
                                .fault()
                                .orElseThrow()
                                .stage())
                        .isEqualTo(DeliveryStage.RSET);
            }
            assertThat(sendOnce(peer).isConfirmed()).isTrue();
            peer.verify();
        }
    }

    @Test
    void keepsToBdatWhereThePeerIsOnlyBusy() throws Exception {
        try (ScriptedPeer peer = peer("--- connection 1\n" + HELLO + FLIGHT + "S: 421 busy\nclose\n--- connection 2\n"
                + HELLO + FLIGHT + ACCEPTED)) {
            assertThat(sendOnce(peer).isPossibleDuplicate()).isFalse();
            assertThat(sendOnce(peer).isConfirmed()).isTrue();
            peer.verify();
        }
    }

    @Test
    void keepsToBdatWhereThePeerIsLostAfterItHasTakenSome() throws Exception {
        try (ScriptedPeer peer = peer("--- connection 1\n" + HELLO + FLIGHT + ACCEPTED + FLIGHT
                + "close\n--- connection 2\n" + HELLO + FLIGHT + ACCEPTED)) {
            try (SmtpConnection connection = open(peer, Protocol.ESMTP)) {
                connection.send(TestMessage.to("one@example.test"));
                assertThat(connection.send(TestMessage.to("one@example.test")).isPossibleDuplicate())
                        .isTrue();
            }
            assertThat(sendOnce(peer).isConfirmed()).isTrue();
            peer.verify();
        }
    }

    @Test
    void sendsNothingToAPeerThatHasLeft() throws Exception {
        try (ScriptedPeer peer = peer(HELLO + FLIGHT + ACCEPTED + "close\n");
                SmtpConnection connection = open(peer, Protocol.ESMTP)) {
            connection.send(TestMessage.to("one@example.test"));
            Awaitility.await().until(() -> !connection.isUsable());
            TransactionResult result = connection.send(TestMessage.to("one@example.test"));
            assertThat(result.fault().orElseThrow().kind()).isEqualTo(Kind.CONNECTION_LOST);
            assertThat(result.isPossibleDuplicate()).isFalse();
            assertThat(result.mail()).isEmpty();
            peer.verify();
        }
    }

    @Test
    void readsOneReplyForEachRecipientThatWasAcceptedOverLmtp() throws Exception {
        try (ScriptedPeer peer = peer(HELLO + """
                C: MAIL FROM:<sender@example.test>
                C: RCPT TO:<one@example.test>
                C: RCPT TO:<two@example.test>
                C: RCPT TO:<three@example.test>
                C: BDAT 50 LAST
                C: <octets 50>
                S: 250 ok
                S: 250 ok
                S: 550 no such user
                S: 250 ok
                S: 250 one is served
                S: 504 three is not
                """);
                SmtpConnection connection = open(peer, Protocol.LMTP)) {
            TransactionResult result =
                    connection.send(TestMessage.to("one@example.test", "two@example.test", "three@example.test"));
            assertThat(result.recipients())
                    .extracting(each -> each.confirmation().map(SmtpReply::code).orElse(0))
                    .containsExactly(250, 0, 504);
            assertThat(result.fault()).isEmpty();
            connection.quit();
            peer.verify();
        }
    }
}
