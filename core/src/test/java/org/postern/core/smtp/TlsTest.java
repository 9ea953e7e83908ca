// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.core.outcome.FailurePolicy;
import org.postern.core.smtp.SmtpFault.Kind;
import org.postern.core.smtp.TlsPolicy.Level;
import org.postern.core.smtp.TlsPolicy.Verification;
import org.postern.peer.CertificateVariant;
import org.postern.peer.MailPeer;
import org.postern.peer.ServerCertificate;
import org.postern.peer.TestAuthority;
import org.postern.spi.credential.Octets;
import org.postern.spi.mail.DeliveryOutcome.Deferred;
import org.postern.spi.sasl.TlsEvidence;

class TlsTest {

    private static final TestAuthority AUTHORITY = TestAuthority.create();

    @TempDir
    Path folder;

    private Path caFile;
    private SmtpConnector connector;

    @BeforeEach
    void opens() throws IOException {
        caFile = AUTHORITY.writeRootPem(folder.resolve("ca.pem"));
        connector = new SmtpConnector();
    }

    @AfterEach
    void closes() {
        connector.close();
    }

    private SessionParameters to(String host, int port, Verification verification, Path ca, boolean implicit) {
        return new SessionParameters(
                new Endpoint(host, InetAddress.getLoopbackAddress(), port, implicit),
                Optional.empty(),
                "client.test",
                new TlsPolicy(Level.REQUIRED, verification, Optional.ofNullable(ca), TlsPolicy.Fallback.NONE),
                false,
                Given.shortened("none", java.time.Duration.ofMillis(1)));
    }

    private static MailPeer peer(CertificateVariant variant) throws IOException {
        return MailPeer.builder().startTls(AUTHORITY.issue(variant)).start();
    }

    private TlsEvidence evidence(String host, MailPeer peer, Verification verification) throws SmtpFault {
        try (SmtpConnection connection =
                connector.open(to(host, peer.port(), verification, caFile, false), WireTap.NONE)) {
            TransactionResult result = connection.send(TestMessage.to("one@example.test"));
            assertThat(result.isConfirmed()).isTrue();
            connection.quit();
            return connection.tls().orElseThrow();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GOOD, localhost, true, trusted",
        "GOOD, 127.0.0.1, true, trusted",
        "GOOD, elsewhere.test, false, not elsewhere.test",
        "WRONG_NAME, localhost, false, 'names elsewhere.test, not localhost'",
        "EXPIRED, localhost, false, not trusted",
        "NOT_YET_VALID, localhost, false, not trusted",
        "CN_ONLY, localhost, false, 'names no host, not localhost'",
        "PARTIAL_WILDCARD, mx.interop.test, false, not mx.interop.test",
        "WILDCARD, mx.interop.test, true, trusted",
        "WILDCARD, a.mx.interop.test, false, not a.mx.interop.test",
        "SELF_SIGNED, localhost, false, not trusted",
        "INTERMEDIATE, localhost, true, trusted",
        "MISSING_INTERMEDIATE, localhost, false, not trusted"
    })
    void judgesEveryPeerAndRefusesTheUnverified(CertificateVariant variant, String host, boolean verified, String word)
            throws Exception {
        try (MailPeer peer = peer(variant)) {
            TlsEvidence evidence = evidence(host, peer, Verification.NONE);
            assertThat(evidence.verified()).isEqualTo(verified);
            assertThat(evidence.verdict()).contains(word);
            assertThat(evidence(host, peer, Verification.OPTIONAL).verified()).isEqualTo(verified);
            if (verified) {
                assertThat(evidence(host, peer, Verification.HOST).verified()).isTrue();
            } else {
                assertThatThrownBy(() -> evidence(host, peer, Verification.HOST))
                        .isInstanceOfSatisfying(SmtpFault.class, fault -> {
                            assertThat(fault.kind()).isEqualTo(Kind.CERTIFICATE_REFUSED);
                            assertThat(fault).hasMessageContaining(word);
                        });
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = CertificateVariant.class,
            names = {"EXPIRED", "NOT_YET_VALID", "SELF_SIGNED", "MISSING_INTERMEDIATE"})
    void asksForAChainWhereThePolicyIsCa(CertificateVariant variant) throws Exception {
        try (MailPeer peer = peer(variant)) {
            assertThatThrownBy(() -> evidence("localhost", peer, Verification.CA))
                    .isInstanceOfSatisfying(
                            SmtpFault.class, fault -> assertThat(fault.kind()).isEqualTo(Kind.CERTIFICATE_REFUSED));
        }
    }

    @Test
    void asksForNoNameWhereThePolicyIsCaAndStillSaysThatItIsWrong() throws Exception {
        try (MailPeer peer = peer(CertificateVariant.WRONG_NAME)) {
            assertThat(evidence("localhost", peer, Verification.CA).verified()).isFalse();
        }
    }

    @Test
    void trustsTheJavaRuntimesAuthoritiesWithoutACaFile() throws Exception {
        try (MailPeer peer = peer(CertificateVariant.GOOD)) {
            assertThatThrownBy(() ->
                            connector.open(to("localhost", peer.port(), Verification.CA, null, false), WireTap.NONE))
                    .isInstanceOfSatisfying(
                            SmtpFault.class, fault -> assertThat(fault.kind()).isEqualTo(Kind.CERTIFICATE_REFUSED));
        }
    }

    @Test
    void notesANewCaFile() throws Exception {
        TestAuthority other = TestAuthority.create();
        other.writeRootPem(caFile);
        Files.setLastModifiedTime(caFile, FileTime.from(Instant.parse("2026-01-01T00:00:00Z")));
        try (MailPeer peer = peer(CertificateVariant.GOOD)) {
            assertThatThrownBy(() -> evidence("localhost", peer, Verification.HOST))
                    .isInstanceOf(SmtpFault.class);
            AUTHORITY.writeRootPem(caFile);
            assertThat(evidence("localhost", peer, Verification.HOST).verified())
                    .isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no certificate", "-----BEGIN CERTIFICATE-----\nQUJD\n-----END CERTIFICATE-----\n"})
    void saysWhichCaFileIsUnusable(String content) throws Exception {
        Files.writeString(caFile, content);
        try (MailPeer peer = peer(CertificateVariant.GOOD)) {
            assertThatThrownBy(() -> evidence("localhost", peer, Verification.NONE))
                    .isInstanceOf(SmtpFault.class)
                    .hasMessageContaining(caFile.toString());
            Files.delete(caFile);
            assertThatThrownBy(() -> evidence("localhost", peer, Verification.NONE))
                    .isInstanceOf(SmtpFault.class)
                    .hasMessageContaining(caFile.toString());
        }
    }

    @Test
    void doesNotGoOnInClearBecauseOfItsOwnCaFile() throws Exception {
        Files.writeString(caFile, "no certificate");
        try (MailPeer peer = peer(CertificateVariant.GOOD)) {
            SessionParameters strict = to("localhost", peer.port(), Verification.NONE, caFile, false);
            TlsPolicy lax = new TlsPolicy(
                    Level.IF_OFFERED, Verification.NONE, Optional.of(caFile), TlsPolicy.Fallback.NEW_CONNECTION);
            SessionParameters parameters = new SessionParameters(
                    strict.endpoint(), strict.source(), strict.ehloName(), lax, false, strict.timeouts());
            assertThatThrownBy(() -> connector.open(parameters, WireTap.NONE))
                    .isInstanceOfSatisfying(
                            SmtpFault.class, fault -> assertThat(fault.kind()).isEqualTo(Kind.TLS_UNUSABLE));
            assertThat(peer.connections()).isZero();
        }
    }

    @Test
    void bindsToTheCertificateAndWhereJavaCanToTheSession() throws Exception {
        try (MailPeer peer = peer(CertificateVariant.GOOD)) {
            TlsEvidence one = evidence("localhost", peer, Verification.HOST);
            TlsEvidence other = evidence("localhost", peer, Verification.HOST);
            assertThat(one.channelBinding(TlsEvidence.TLS_SERVER_END_POINT))
                    .isPresent()
                    .isEqualTo(other.channelBinding(TlsEvidence.TLS_SERVER_END_POINT));
            boolean canExport = Runtime.version().feature() >= 25;
            assertThat(one.channelBinding(TlsEvidence.TLS_EXPORTER).map(Octets::length))
                    .isEqualTo(canExport ? Optional.of(32) : Optional.empty());
            if (canExport) {
                assertThat(one.channelBindings()).isNotEqualTo(other.channelBindings());
            }
        }
    }

    @Test
    void judgesAResumedSessionAgain() throws Exception {
        try (MailPeer peer = peer(CertificateVariant.GOOD)) {
            TlsEvidence first = evidence("localhost", peer, Verification.HOST);
            for (int i = 0; i < 3; i++) {
                TlsEvidence next = evidence("localhost", peer, Verification.HOST);
                assertThat(next.verified()).isTrue();
                assertThat(next.peerCertificates()).isEqualTo(first.peerCertificates());
                assertThat(next.verdict()).isEqualTo(first.verdict());
            }
        }
    }

    @Test
    void doesNotResumeWhatALaxPolicyAccepted() throws Exception {
        try (MailPeer peer = peer(CertificateVariant.SELF_SIGNED)) {
            assertThat(evidence("localhost", peer, Verification.NONE).verified())
                    .isFalse();
            assertThat(evidence("localhost", peer, Verification.NONE).verified())
                    .isFalse();
            assertThatThrownBy(() -> evidence("localhost", peer, Verification.HOST))
                    .isInstanceOf(SmtpFault.class);
        }
    }

    @Test
    void staysUsableBetweenMessagesUnderTls() throws Exception {
        try (MailPeer peer = peer(CertificateVariant.GOOD);
                SmtpConnection connection =
                        connector.open(to("localhost", peer.port(), Verification.HOST, caFile, false), WireTap.NONE)) {
            for (int i = 0; i < 20; i++) {
                assertThat(connection.isUsable()).isTrue();
                assertThat(connection.send(TestMessage.to("one@example.test")).isConfirmed())
                        .isTrue();
            }
            assertThat(peer.messageCount()).isEqualTo(20);
        }
    }

    @Test
    void speaksTlsFromTheFirstOctetWhereTheEndpointSaysSo() throws Exception {
        ServerCertificate certificate = AUTHORITY.issue(CertificateVariant.GOOD);
        try (MailPeer peer = MailPeer.builder().implicitTls(certificate).start();
                SmtpConnection connection =
                        connector.open(to("localhost", peer.port(), Verification.HOST, caFile, true), WireTap.NONE)) {
            assertThat(connection.tls()).hasValueSatisfying(tls -> {
                assertThat(tls.verified()).isTrue();
                assertThat(tls.protocol()).isEqualTo("TLSv1.3");
            });
        }
    }

    /** A TLS server of one connection, with what it does after the handshake. */
    private interface Conduct {
        void with(SSLSocket socket) throws IOException;
    }

    private static void serve(SSLServerSocket server, Conduct conduct) {
        Thread.ofVirtual().start(() -> {
            try (SSLSocket socket = (SSLSocket) server.accept()) {
                socket.setSoTimeout(10_000);
                socket.startHandshake();
                conduct.with(socket);
            } catch (IOException failed) {
                // The client sees it too, and that is what is looked at.
            }
        });
    }

    private static SSLServerSocket server(String protocol) throws IOException {
        SSLServerSocket server = (SSLServerSocket) AUTHORITY
                .issue(CertificateVariant.GOOD)
                .serverContext()
                .getServerSocketFactory()
                .createServerSocket(0, 1, InetAddress.getLoopbackAddress());
        server.setEnabledProtocols(new String[] {protocol});
        return server;
    }

    private static void say(SSLSocket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
    }

    private static void hear(SSLSocket socket) throws IOException {
        int octet = socket.getInputStream().read();
        while (octet >= 0 && octet != '\n') {
            octet = socket.getInputStream().read();
        }
    }

    @Test
    void speaksTls12() throws Exception {
        try (SSLServerSocket server = server("TLSv1.2")) {
            serve(server, TlsTest::greet);
            try (SmtpConnection connection = connector.open(
                    to("localhost", server.getLocalPort(), Verification.HOST, caFile, true), WireTap.NONE)) {
                assertThat(connection.tls().orElseThrow().protocol()).isEqualTo("TLSv1.2");
                assertThat(connection.isUsable()).isTrue();
            }
        }
    }

    @Test
    void doesNotSpeakTls11() throws Exception {
        try (SSLServerSocket server = server("TLSv1.1")) {
            serve(server, socket -> say(socket, "220 mx\r\n"));
            assertThatThrownBy(() -> connector.open(
                            to("localhost", server.getLocalPort(), Verification.NONE, caFile, true), WireTap.NONE))
                    .isInstanceOfSatisfying(SmtpFault.class, fault -> {
                        assertThat(fault.kind()).isIn(Kind.TLS_FAILED, Kind.CONNECTION_LOST);
                    });
        }
    }

    @Test
    @DisplayName("C1-28: a handshake that arrives octet by octet is one")
    void shakesHandsOctetByOctet() throws Exception {
        try (MailPeer peer = MailPeer.builder()
                        .implicitTls(AUTHORITY.issue(CertificateVariant.GOOD))
                        .start();
                ServerSocket line = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket server = new Socket(InetAddress.getLoopbackAddress(), peer.port())) {
            Thread.ofVirtual().start(() -> passOctetByOctet(line, server));
            try (SmtpConnection connection = connector.open(
                    to("localhost", line.getLocalPort(), Verification.HOST, caFile, true), WireTap.NONE)) {
                assertThat(connection.send(TestMessage.to("one@example.test")).isConfirmed())
                        .isTrue();
            }
        }
    }

    private static void passOctetByOctet(ServerSocket line, Socket server) {
        try (Socket client = line.accept()) {
            client.setTcpNoDelay(true);
            Thread.ofVirtual().start(() -> pass(client, server));
            pass(server, client);
        } catch (IOException ended) {
            // The client has what it wanted.
        }
    }

    private static void pass(Socket from, Socket to) {
        try {
            for (int octet = from.getInputStream().read();
                    octet >= 0;
                    octet = from.getInputStream().read()) {
                to.getOutputStream().write(octet);
            }
        } catch (IOException ended) {
            // So it ends.
        }
    }

    @Test
    @DisplayName("C1-29: a chain of a hundred certificates ends the handshake, and the mail waits")
    void takesNoChainOfAHundredCertificates() throws Exception {
        ServerCertificate own = AUTHORITY.issue(CertificateVariant.GOOD);
        List<X509Certificate> chain = new ArrayList<>(own.chain());
        chain.addAll(Collections.nCopies(100, AUTHORITY.root()));
        try (MailPeer peer = MailPeer.builder()
                .startTls(new ServerCertificate(own.key(), chain))
                .start()) {
            assertThatThrownBy(() -> connector.open(
                            to("localhost", peer.port(), Verification.HOST, caFile, false), WireTap.NONE))
                    .isInstanceOfSatisfying(SmtpFault.class, fault -> {
                        assertThat(fault.kind()).isEqualTo(Kind.TLS_FAILED);
                        assertThat(new FailurePolicy().session(fault).outcome()).isInstanceOf(Deferred.class);
                    });
        }
    }

    @Test
    @DisplayName("C1-30: a server that wants another key share gets one")
    void startsOverWithAnotherKeyShareWhereTheServerWantsOne() throws Exception {
        try (SSLServerSocket server = server("TLSv1.3")) {
            SSLParameters parameters = server.getSSLParameters();
            parameters.setNamedGroups(new String[] {"secp521r1"});
            server.setSSLParameters(parameters);
            serve(server, TlsTest::greet);
            try (SmtpConnection connection = connector.open(
                    to("localhost", server.getLocalPort(), Verification.HOST, caFile, true), WireTap.NONE)) {
                assertThat(connection.tls().orElseThrow().protocol()).isEqualTo("TLSv1.3");
            }
        }
    }

    private static void greet(SSLSocket socket) throws IOException {
        say(socket, "220 mx\r\n");
        hear(socket);
        say(socket, "250 mx\r\n");
        hear(socket);
    }

    @Test
    @DisplayName("C1-33: a peer that wants to start over as somebody else loses the connection, and the mail waits")
    void doesNotRenegotiate() throws Exception {
        try (SSLServerSocket server = server("TLSv1.2")) {
            serve(server, socket -> {
                greet(socket);
                socket.getSession().invalidate();
                socket.startHandshake();
                say(socket, "250 ok\r\n");
                hear(socket);
            });
            try (SmtpConnection connection = connector.open(
                    to("localhost", server.getLocalPort(), Verification.HOST, caFile, true), WireTap.NONE)) {
                TransactionResult result = connection.send(TestMessage.to("one@example.test"));
                assertThat(result.fault())
                        .hasValueSatisfying(fault -> assertThat(fault.kind()).isEqualTo(Kind.CONNECTION_LOST));
                assertThat(new FailurePolicy().transaction(result, false))
                        .singleElement()
                        .isInstanceOfSatisfying(
                                Deferred.class,
                                outcome ->
                                        assertThat(outcome.possibleDuplicate()).isFalse());
            }
        }
    }
}
