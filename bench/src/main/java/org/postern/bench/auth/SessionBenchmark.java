// SPDX-License-Identifier: Apache-2.0
package org.postern.bench.auth;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.postern.auth.scram.SaltedPasswords;
import org.postern.core.sasl.AuthResult;
import org.postern.core.sasl.SaslDialogue;
import org.postern.core.smtp.Endpoint;
import org.postern.core.smtp.SessionParameters;
import org.postern.core.smtp.SmtpConnection;
import org.postern.core.smtp.SmtpConnector;
import org.postern.core.smtp.SmtpFault;
import org.postern.core.smtp.SmtpTimeouts;
import org.postern.core.smtp.TlsPolicy;
import org.postern.core.smtp.WireTap;
import org.postern.peer.CertificateRequest;
import org.postern.peer.MailPeer;
import org.postern.peer.TestAuthority;
import org.postern.spi.credential.Credential;
import org.postern.spi.policy.InitialResponse;
import org.postern.spi.sasl.SaslExchange;

/**
 * A session of each kind over a socket: connect, STARTTLS with a verified certificate or not, AUTH, QUIT, one after the
 * other. The peer is in the same process, so that half of the work is the peer's.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(3)
@State(Scope.Thread)
public class SessionBenchmark {

    private static final int ITERATIONS = 4_096;

    /** The mechanism; without one there is TLS and no AUTH. */
    @Param({
        "none",
        "PLAIN",
        "LOGIN",
        "CRAM-MD5",
        "XOAUTH2",
        "OAUTHBEARER",
        "SCRAM-SHA-256",
        "SCRAM-SHA-256 not remembered"
    })
    public String mechanism;

    /** Whether the session is under TLS; what that costs is the difference. */
    @Param({"STARTTLS", "clear"})
    public String transport;

    private final SaltedPasswords passwords = new SaltedPasswords();
    private final SmtpConnector connector = new SmtpConnector();
    private Path authorityFile;
    private MailPeer peer;
    private Client client;
    private SessionParameters parameters;

    /** Starts the peer. */
    @Setup(Level.Trial)
    public void listen() {
        client = Client.of(mechanism.equals("none") ? "PLAIN" : mechanism.split(" ")[0], passwords);
        TestAuthority authority = TestAuthority.create();
        try {
            authorityFile = authority.writeRootPem(Files.createTempFile("postern-bench-", ".pem"));
            MailPeer.Builder builder = offering(MailPeer.builder()).account(Client.USER, client.secret());
            peer = (isUnderTls()
                            ? builder.startTls(authority.issue(CertificateRequest.forNames("localhost")))
                            : builder)
                    .start();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        parameters = new SessionParameters(
                new Endpoint("localhost", peer.address().getAddress(), peer.port(), false),
                Optional.empty(),
                "client.example.test",
                new TlsPolicy(
                        isUnderTls() ? TlsPolicy.Level.REQUIRED : TlsPolicy.Level.NEVER,
                        TlsPolicy.Verification.HOST,
                        Optional.of(authorityFile),
                        TlsPolicy.Fallback.NONE),
                true,
                SmtpTimeouts.DEFAULTS);
    }

    private boolean isUnderTls() {
        return transport.equals("STARTTLS");
    }

    private MailPeer.Builder offering(MailPeer.Builder builder) {
        return client.name().equals("SCRAM-SHA-256")
                ? builder.mechanism(new RememberingScramServer(Client.PASSWORD, ITERATIONS))
                : builder.mechanisms(client.name());
    }

    /** Ends it. */
    @TearDown(Level.Trial)
    public void close() throws IOException {
        connector.close();
        peer.close();
        Files.deleteIfExists(authorityFile);
    }

    /** One session. */
    @Benchmark
    public void session() throws SmtpFault {
        SmtpConnection connection = connector.open(parameters, WireTap.NONE);
        if (!mechanism.equals("none")) {
            authenticate(connection);
        }
        connection.quit();
    }

    private void authenticate(SmtpConnection connection) throws SmtpFault {
        if (mechanism.contains(" ")) {
            passwords.wipe();
        }
        try (Credential account = client.account();
                SaslExchange exchange = client.open(account)) {
            AuthResult result = SaslDialogue.authenticate(connection, client.name(), exchange, InitialResponse.AUTO);
            if (!(result instanceof AuthResult.Authenticated)) {
                throw new IllegalStateException(mechanism + ": " + result);
            }
        }
    }
}
