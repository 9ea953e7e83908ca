// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringWriter;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.core.smtp.SmtpFault.Kind;
import org.postern.core.smtp.TlsPolicy.Fallback;
import org.postern.core.smtp.TlsPolicy.Level;
import org.postern.core.smtp.TlsPolicy.Verification;
import org.postern.peer.CertificateVariant;
import org.postern.peer.MailPeer;
import org.postern.peer.ServerCertificate;
import org.postern.peer.TestAuthority;
import org.postern.spi.sasl.TlsEvidence;

class ClientCertificateTest {

    private static final TestAuthority AUTHORITY = TestAuthority.create();
    private static final ServerCertificate OWN = AUTHORITY.issue(CertificateVariant.GOOD);

    @TempDir
    Path folder;

    private SmtpConnector connector;
    private Path pem;

    @BeforeEach
    void opens() throws IOException {
        connector = new SmtpConnector();
        pem = OWN.writePem(folder.resolve("client.pem"));
    }

    @AfterEach
    void closes() {
        connector.close();
    }

    private static MailPeer asking() throws IOException {
        return MailPeer.builder()
                .startTls(AUTHORITY.issue(CertificateVariant.GOOD))
                .requireClientCertificate(AUTHORITY)
                .start();
    }

    private TlsEvidence deliver(MailPeer peer, ClientCertificate shown, String protocols) throws SmtpFault {
        TlsPolicy policy = new TlsPolicy(
                Level.REQUIRED,
                Verification.NONE,
                Optional.empty(),
                Fallback.NONE,
                new TlsOffer(protocols, "DEFAULT", Optional.empty()),
                Optional.ofNullable(shown));
        SessionParameters parameters = new SessionParameters(
                new Endpoint("localhost", InetAddress.getLoopbackAddress(), peer.port(), false),
                Optional.empty(),
                "client.test",
                policy,
                false,
                SmtpTimeouts.all(Duration.ofSeconds(20)));
        try (SmtpConnection connection = connector.open(parameters, WireTap.NONE)) {
            assertThat(connection.send(TestMessage.to("one@example.test")).isConfirmed())
                    .isTrue();
            return connection.tls().orElseThrow();
        }
    }

    @ParameterizedTest(name = "C1-31: shows its certificate to a peer that asks, under {0}")
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void showsItsCertificateToAPeerThatAsksAndSaysThatItDid(String protocol) throws Exception {
        try (MailPeer peer = asking()) {
            TlsEvidence first = deliver(peer, new ClientCertificate(pem, pem), protocol);
            assertThat(first.protocol()).isEqualTo(protocol);
            assertThat(first.localCertificates()).isEqualTo(OWN.chain());
            assertThat(deliver(peer, new ClientCertificate(pem, pem), protocol).localCertificates())
                    .as("in a resumed session too")
                    .isEqualTo(OWN.chain());
            assertThat(peer.messageCount()).isEqualTo(2);
        }
    }

    @ParameterizedTest(name = "C1-31: gets nowhere without one at a peer that asks, under {0}")
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void getsNowhereWithoutOneAtAPeerThatAsks(String protocol) throws Exception {
        try (MailPeer peer = asking()) {
            assertThatThrownBy(() -> deliver(peer, null, protocol)).isInstanceOf(SmtpFault.class);
            assertThat(peer.messageCount()).isZero();
        }
    }

    @Test
    void showsNothingToAPeerThatDoesNotAsk() throws Exception {
        try (MailPeer peer = MailPeer.builder()
                .startTls(AUTHORITY.issue(CertificateVariant.GOOD))
                .start()) {
            assertThat(deliver(peer, new ClientCertificate(pem, pem), "+ALL").localCertificates())
                    .isEmpty();
        }
    }

    @Test
    void readsAFileThatChangedForTheNextConnection() throws Exception {
        try (MailPeer peer = asking()) {
            ServerCertificate next = AUTHORITY.issue(CertificateVariant.GOOD);
            deliver(peer, new ClientCertificate(pem, pem), "+ALL");
            next.writePem(pem);
            Files.setLastModifiedTime(pem, FileTime.from(Instant.now().plusSeconds(60)));
            assertThat(deliver(peer, new ClientCertificate(pem, pem), "+ALL").localCertificates())
                    .isEqualTo(next.chain());
        }
    }

    @Test
    void refusesAKeyThatIsAnothersBeforeItSaysAnything() throws Exception {
        Path other = AUTHORITY.issue(CertificateVariant.GOOD).writePem(folder.resolve("other.pem"));
        try (MailPeer peer = asking()) {
            assertUnusable(peer, new ClientCertificate(pem, other), "other.pem is not that of the first certificate");
            assertThat(peer.connections()).isZero();
        }
    }

    private void assertUnusable(MailPeer peer, ClientCertificate shown, String why) {
        assertThatThrownBy(() -> deliver(peer, shown, "+ALL")).isInstanceOfSatisfying(SmtpFault.class, fault -> {
            assertThat(fault.kind()).isEqualTo(Kind.TLS_UNUSABLE);
            assertThat(fault).hasMessageContaining(why);
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "nothing|there is no private key in PEM",
                "-----BEGIN ENCRYPTED PRIVATE KEY-----,AAAA,-----END ENCRYPTED PRIVATE KEY-----|is encrypted",
                "-----BEGIN RSA PRIVATE KEY-----,Proc-Type: 4,,ENCRYPTED,,AAAA,-----END RSA PRIVATE KEY-----|is encrypted",
                "-----BEGIN PRIVATE KEY-----,AAAA,-----END PRIVATE KEY-----|is damaged",
                "-----BEGIN EC PRIVATE KEY-----,MAMCAQE=,-----END EC PRIVATE KEY-----|names no curve",
                "-----BEGIN EC PRIVATE KEY-----,,-----END EC PRIVATE KEY-----|names no curve",
                "-----BEGIN DSA PRIVATE KEY-----,AAAA,-----END DSA PRIVATE KEY-----|of the form 'DSA PRIVATE KEY' is not understood"
            })
    void saysWhatIsWrongWithAKeyFile(String lines, String why) throws Exception {
        Path key = Files.writeString(folder.resolve("key.pem"), lines.replace(',', '\n'));
        try (MailPeer peer = asking()) {
            assertUnusable(peer, new ClientCertificate(pem, key), why);
        }
    }

    @Test
    void namesAFileThatIsNotThere() throws Exception {
        try (MailPeer peer = asking()) {
            assertUnusable(peer, new ClientCertificate(folder.resolve("gone.pem"), pem), "gone.pem cannot be read");
        }
    }

    private PrivateKey written(String label, byte[] der) throws Exception {
        StringWriter text = new StringWriter();
        try (PemWriter writer = new PemWriter(text)) {
            writer.writeObject(new PemObject(label, der));
        }
        return PemKey.in(Files.writeString(folder.resolve("key.pem"), text.toString()));
    }

    private static PrivateKey newKey(String algorithm, int bits) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        generator.initialize(bits);
        return generator.generateKeyPair().getPrivate();
    }

    @ParameterizedTest
    @ValueSource(ints = {2048, 4096})
    void readsAnRsaKeyInBothOfOpensslsForms(int bits) throws Exception {
        PrivateKey key = newKey("RSA", bits);
        PrivateKeyInfo inner = PrivateKeyInfo.getInstance(key.getEncoded());
        assertThat(written("PRIVATE KEY", key.getEncoded())).isEqualTo(key);
        assertThat(written("RSA PRIVATE KEY", inner.getPrivateKey().getOctets()))
                .isEqualTo(key);
    }

    @ParameterizedTest
    @ValueSource(ints = {256, 384, 521})
    void readsAKeyOfAnEllipticCurveInBothOfOpensslsForms(int bits) throws Exception {
        PrivateKey key = newKey("EC", bits);
        PrivateKeyInfo info = PrivateKeyInfo.getInstance(key.getEncoded());
        ECPrivateKey withCurve = new ECPrivateKey(
                bits,
                ((java.security.interfaces.ECPrivateKey) key).getS(),
                info.getPrivateKeyAlgorithm().getParameters());
        assertThat(written("PRIVATE KEY", key.getEncoded())).isEqualTo(key);
        assertThat(written("EC PRIVATE KEY", withCurve.getEncoded()))
                .isInstanceOfSatisfying(
                        java.security.interfaces.ECPrivateKey.class,
                        read -> assertThat(read.getS())
                                .isEqualTo(((java.security.interfaces.ECPrivateKey) key).getS()));
    }

    @Test
    void readsAnEdwardsKey() throws Exception {
        PrivateKey key =
                KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPrivate();
        assertThat(written("PRIVATE KEY", key.getEncoded())).isEqualTo(key);
    }
}
