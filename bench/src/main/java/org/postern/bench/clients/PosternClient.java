// SPDX-License-Identifier: Apache-2.0
package org.postern.bench.clients;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.postern.auth.plain.PlainMechanism;
import org.postern.bench.Message;
import org.postern.core.sasl.AuthResult;
import org.postern.core.sasl.SaslDialogue;
import org.postern.core.smtp.Endpoint;
import org.postern.core.smtp.SessionParameters;
import org.postern.core.smtp.SmtpConnection;
import org.postern.core.smtp.SmtpConnector;
import org.postern.core.smtp.SmtpFault;
import org.postern.core.smtp.SmtpTimeouts;
import org.postern.core.smtp.TlsPolicy;
import org.postern.core.smtp.TransactionResult;
import org.postern.core.smtp.WireTap;
import org.postern.spi.credential.Credential;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.PasswordCredential;
import org.postern.spi.credential.Secret;
import org.postern.spi.mail.BodyType;
import org.postern.spi.mail.Envelope;
import org.postern.spi.mail.MailAddress;
import org.postern.spi.policy.InitialResponse;
import org.postern.spi.sasl.SaslContext;
import org.postern.spi.sasl.SaslExchange;
import org.postern.spi.sasl.TlsEvidence;

/** Postern's own: the connection and the transaction that the engine delivers with. */
final class PosternClient implements MailClient {

    private static final Optional<MailAddress> SENDER = Optional.of(MailAddress.parse(Letter.SENDER));

    private final SmtpConnector connector = new SmtpConnector();
    private final SmtpConnection connection;

    PosternClient(int port, String user, String password) throws IOException, SmtpFault {
        SessionParameters parameters = new SessionParameters(
                new Endpoint("localhost", InetAddress.getByName("127.0.0.1"), port, false),
                Optional.empty(),
                "load.example",
                new TlsPolicy(
                        TlsPolicy.Level.NEVER, TlsPolicy.Verification.NONE, Optional.empty(), TlsPolicy.Fallback.NONE),
                true,
                SmtpTimeouts.DEFAULTS);
        connection = connector.open(parameters, WireTap.NONE);
        try (Credential account = new PasswordCredential(
                        user, Secret.of(password), new CredentialVersion("1"), Optional.empty(), Set.of());
                SaslExchange exchange = new PlainMechanism().open(new Here(port), account)) {
            AuthResult result = SaslDialogue.authenticate(connection, "PLAIN", exchange, InitialResponse.AUTO);
            if (!(result instanceof AuthResult.Authenticated)) {
                throw new IOException("not authenticated: " + result);
            }
        }
    }

    /** The session, as far as a mechanism sees it. */
    private record Here(int port) implements SaslContext {

        @Override
        public String host() {
            return "localhost";
        }

        @Override
        public Optional<String> authorizationIdentity() {
            return Optional.empty();
        }

        @Override
        public Set<String> offeredMechanisms() {
            return Set.of("PLAIN");
        }

        @Override
        public Optional<TlsEvidence> tls() {
            return Optional.empty();
        }
    }

    @Override
    public void send(String recipient) throws IOException {
        TransactionResult result = connection.send(new Message(
                new Envelope(SENDER, List.of(MailAddress.parse(recipient)), BodyType.SEVEN_BIT, false),
                Letter.whole(recipient).getBytes(StandardCharsets.US_ASCII)));
        if (result.confirmation().filter(reply -> reply.isPositiveCompletion()).isEmpty()) {
            throw new IOException("not delivered: " + result);
        }
    }

    @Override
    public void close() {
        connection.quit();
        connector.close();
    }
}
