// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postern.core.smtp.SmtpFault.Kind;
import org.postern.core.smtp.TlsPolicy.Fallback;
import org.postern.core.smtp.TlsPolicy.Level;
import org.postern.core.smtp.TlsPolicy.Verification;
import org.postern.peer.ScriptedPeer;
import org.postern.peer.TestAuthority;
import org.postern.spi.mail.DeliveryStage;
import org.postern.spi.mail.SmtpReply;

@Timeout(60)
class ProtocolTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String ENVELOPE = """
            S: 220 mx
            C: LHLO client.test
            S: 250-mx
            S: 250 %s
            C: MAIL FROM:<sender@example.test>
            C: RCPT TO:<one@example.test>
            C: RCPT TO:<two@example.test>
            C: RCPT TO:<three@example.test>
            C: DATA
            S: 250 ok
            S: 250 ok
            S: 550 no such user
            S: 250 ok
            S: 354 go
            C: <content>
            """.formatted("PIPELINING");

    private static TransactionResult play(String dialogue, Protocol protocol, boolean authenticationApplies)
            throws Exception {
        try (ScriptedPeer peer = ScriptedPeer.playText("protocol", dialogue, TestAuthority.create(), PATIENCE);
                SmtpConnector connector = new SmtpConnector()) {
            SessionParameters parameters = new SessionParameters(
                    new Endpoint("localhost", InetAddress.getLoopbackAddress(), peer.port(), false),
                    Optional.empty(),
                    "client.test",
                    new TlsPolicy(Level.NEVER, Verification.NONE, Optional.empty(), Fallback.NONE),
                    authenticationApplies,
                    SmtpTimeouts.all(PATIENCE),
                    protocol);
            try (SmtpConnection connection = connector.open(parameters, WireTap.NONE)) {
                TransactionResult result =
                        connection.send(TestMessage.to("one@example.test", "two@example.test", "three@example.test"));
                connection.quit();
                peer.verify();
                return result;
            }
        }
    }

    private static int code(Optional<SmtpReply> reply) {
        return reply.map(SmtpReply::code).orElse(0);
    }

    @Test
    void readsOneReplyForEachRecipientThatWasAcceptedOverLmtp() throws Exception {
        TransactionResult result = play(ENVELOPE + """
                S: 250 one is served
                S: 452 three is full
                C: QUIT
                S: 221 bye
                """, Protocol.LMTP, false);
        assertThat(result.recipients())
                .extracting(each -> code(each.confirmation()))
                .containsExactly(250, 0, 452);
        assertThat(code(result.confirmation())).isEqualTo(452);
        assertThat(result.fault()).isEmpty();
    }

    @Test
    void keepsTheRepliesThatCameBeforeTheConnectionWasLostAmongThem() throws Exception {
        TransactionResult result = play(ENVELOPE + """
                S: 250 one is served
                cut
                """, Protocol.LMTP, false);
        assertThat(result.recipients())
                .extracting(each -> code(each.confirmation()))
                .containsExactly(250, 0, 0);
        assertThat(result.fault().orElseThrow().stage()).isEqualTo(DeliveryStage.CONFIRMATION);
        assertThat(result.isPossibleDuplicate()).isTrue();
    }

    @Test
    void takesAPeerForConfusedThatWantsContentForNobodyOverLmtp() throws Exception {
        TransactionResult result = play("""
                S: 220 mx
                C: LHLO client.test
                S: 250-mx
                S: 250 PIPELINING
                C: MAIL FROM:<sender@example.test>
                C: RCPT TO:<one@example.test>
                C: RCPT TO:<two@example.test>
                C: RCPT TO:<three@example.test>
                C: DATA
                S: 250 ok
                S: 550 no
                S: 550 no
                S: 550 no
                S: 354 go
                wait
                """, Protocol.LMTP, false);
        assertThat(result.fault().orElseThrow().kind()).isEqualTo(Kind.PROTOCOL_ERROR);
    }

    @Test
    void triesNoHeloWithAPeerThatKnowsNoLhlo() {
        assertThatThrownBy(() -> play("""
                S: 220 mx
                C: LHLO client.test
                S: 500 what
                C: QUIT
                """, Protocol.LMTP, false))
                .isInstanceOfSatisfying(
                        SmtpFault.class, fault -> assertThat(fault.kind()).isEqualTo(Kind.REFUSED));
    }

    @Test
    void saysHeloAtOnceAndUsesNoExtensionOverSmtp() throws Exception {
        TransactionResult result = play("""
                S: 220 mx
                C: HELO client.test
                S: 250 mx
                C: MAIL FROM:<sender@example.test>
                S: 250 ok
                C: RCPT TO:<one@example.test>
                S: 250 ok
                C: RCPT TO:<two@example.test>
                S: 250 ok
                C: RCPT TO:<three@example.test>
                S: 250 ok
                C: DATA
                S: 354 go
                C: <content>
                S: 250 taken
                C: QUIT
                S: 221 bye
                """, Protocol.SMTP, false);
        assertThat(result.isConfirmed()).isTrue();
    }

    @Test
    void saysEhloOverSmtpAllTheSameWhereAuthenticationApplies() throws Exception {
        TransactionResult result = play("""
                S: 220 mx
                C: EHLO client.test
                S: 250-mx
                S: 250 AUTH PLAIN
                C: MAIL FROM:<sender@example.test>
                S: 550 no
                C: QUIT
                S: 221 bye
                """, Protocol.SMTP, true);
        assertThat(code(result.mail())).isEqualTo(550);
    }
}
