// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Optional;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.core.smtp.TlsPolicy.Fallback;
import org.postern.core.smtp.TlsPolicy.Level;
import org.postern.core.smtp.TlsPolicy.Verification;
import org.postern.peer.CertificateVariant;
import org.postern.peer.TestAuthority;

/** Which TLS sessions are resumed, over real sockets. A resumed one has the values that were put into the one before. */
@Timeout(60)
class TlsResumptionTest {

    private static final TestAuthority AUTHORITY = TestAuthority.create();
    private static final String MARK = "mark of this test";

    @TempDir
    Path folder;

    private final TlsContexts contexts = new TlsContexts();
    private Path caFile;
    private SSLServerSocket server;

    @BeforeEach
    void listen() throws IOException {
        caFile = AUTHORITY.writeRootPem(folder.resolve("ca.pem"));
        server = (SSLServerSocket) AUTHORITY
                .issue(CertificateVariant.GOOD)
                .serverContext()
                .getServerSocketFactory()
                .createServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::serve);
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    /** An octet for each client: with it come the tickets of TLS 1.3. */
    private void serve() {
        while (!server.isClosed()) {
            try (SSLSocket socket = (SSLSocket) server.accept()) {
                socket.setSoTimeout(10_000);
                socket.getOutputStream().write('x');
                socket.getInputStream().read();
            } catch (IOException nextOne) {
                // A client that left early, or the end of the test.
            }
        }
    }

    private TlsPolicy policy(Verification verification, String protocols, Optional<ClientCertificate> own) {
        return new TlsPolicy(
                Level.REQUIRED,
                verification,
                Optional.of(caFile),
                Fallback.NONE,
                new TlsOffer(protocols, "DEFAULT", Optional.empty()),
                own);
    }

    private TlsPolicy policy(Verification verification) {
        return policy(verification, "TLSv1.3 TLSv1.2", Optional.empty());
    }

    private boolean isResumed(TlsPolicy policy, String host) throws Exception {
        Endpoint endpoint = new Endpoint(host, InetAddress.getLoopbackAddress(), server.getLocalPort(), true);
        try (Socket below = new Socket(endpoint.address(), endpoint.port())) {
            TlsLayer layer = TlsLayer.over(below, endpoint, contexts.forPolicy(policy));
            assertThat(layer.socket().getInputStream().read()).isEqualTo('x');
            SSLSession session = layer.socket().getSession();
            boolean resumed = session.getValue(MARK) != null;
            session.putValue(MARK, "here");
            layer.socket().close();
            return resumed;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void resumesUnderTheSamePolicyAgainAndAgain(String protocol) throws Exception {
        TlsPolicy policy = policy(Verification.HOST, protocol, Optional.empty());
        assertThat(isResumed(policy, "localhost")).isFalse();
        assertThat(isResumed(policy, "localhost")).isTrue();
        assertThat(isResumed(policy, "localhost")).isTrue();
    }

    @Test
    void resumesNothingThatAnotherRuleVerified() throws Exception {
        for (Verification verification : Verification.values()) {
            assertThat(isResumed(policy(verification), "localhost"))
                    .as("%s", verification)
                    .isFalse();
        }
    }

    @Test
    void resumesNothingThatWasVerifiedForAnotherName() throws Exception {
        assertThat(isResumed(policy(Verification.HOST), "localhost")).isFalse();
        assertThat(isResumed(policy(Verification.HOST), "127.0.0.1")).isFalse();
        assertThat(isResumed(policy(Verification.HOST), "localhost")).isTrue();
    }

    @Test
    void resumesNothingThatAnotherOfferCameTo() throws Exception {
        assertThat(isResumed(policy(Verification.HOST), "localhost")).isFalse();
        assertThat(isResumed(policy(Verification.HOST, "TLSv1.3", Optional.empty()), "localhost"))
                .isFalse();
    }

    @Test
    void resumesNothingThatWasOpenedWithAnotherCertificateOfOurOwn() throws Exception {
        Path pem = AUTHORITY.issue(CertificateVariant.GOOD).writePem(folder.resolve("own.pem"));
        Optional<ClientCertificate> own = Optional.of(new ClientCertificate(pem, pem));
        assertThat(isResumed(policy(Verification.HOST), "localhost")).isFalse();
        assertThat(isResumed(policy(Verification.HOST, "TLSv1.3 TLSv1.2", own), "localhost"))
                .isFalse();
    }

    @Test
    void resumesNothingThatWasTrustedBeforeTheAuthoritiesChanged() throws Exception {
        assertThat(isResumed(policy(Verification.HOST), "localhost")).isFalse();
        Files.setLastModifiedTime(caFile, FileTime.from(Instant.EPOCH));
        assertThat(isResumed(policy(Verification.HOST), "localhost")).isFalse();
    }
}
