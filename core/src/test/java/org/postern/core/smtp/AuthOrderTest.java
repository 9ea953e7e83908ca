// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.postern.core.sasl.AuthResult;
import org.postern.core.sasl.FakeExchange;
import org.postern.core.sasl.SaslDialogue;
import org.postern.peer.MailPeer;
import org.postern.peer.Stage;
import org.postern.spi.credential.Octets;
import org.postern.spi.policy.InitialResponse;

/** Where AUTH has no place (RFC 4954 section 4), nothing of it is sent. */
class AuthOrderTest {

    private static MailPeer peer() throws Exception {
        return MailPeer.builder().mechanisms("PLAIN").account("user", "secret").start();
    }

    private static SmtpConnection open(SmtpConnector connector, MailPeer peer) throws SmtpFault {
        return connector.open(
                new Given(Map.of("auth", "PLAIN")).parameters(peer.port(), Path.of("not needed without TLS")),
                WireTap.NONE);
    }

    private static AuthResult authenticate(SmtpConnection connection) throws SmtpFault {
        return SaslDialogue.authenticate(
                connection, "PLAIN", FakeExchange.first(Octets.utf8("\0user\0secret")), InitialResponse.AUTO);
    }

    @Test
    void doesNotAuthenticateASecondTime() throws Exception {
        try (MailPeer peer = peer();
                SmtpConnector connector = new SmtpConnector();
                SmtpConnection connection = open(connector, peer)) {
            assertThat(authenticate(connection)).isInstanceOf(AuthResult.Authenticated.class);
            assertThatThrownBy(() -> connection.sasl().auth("PLAIN", null)).isInstanceOf(IllegalStateException.class);
            assertThat(peer.logins()).isEqualTo(1);
        }
    }

    @Test
    void doesNotAuthenticateWithinATransaction() throws Exception {
        try (MailPeer peer = peer();
                SmtpConnector connector = new SmtpConnector();
                SmtpConnection connection = open(connector, peer)) {
            peer.replyAt(Stage.RCPT, "", "550 5.1.1 nobody");
            connection.send(TestMessage.to("one@example.test"));
            assertThatThrownBy(() -> connection.sasl().auth("PLAIN", null)).isInstanceOf(IllegalStateException.class);
            connection.reset();
            assertThat(authenticate(connection)).isInstanceOf(AuthResult.Authenticated.class);
        }
    }
}
