// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postern.spi.credential.Octets;

class ChannelBindingsTest {

    private static X509Certificate certificate(String name) throws IOException, GeneralSecurityException {
        try (InputStream in = ChannelBindingsTest.class.getResourceAsStream(name + ".pem")) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "sha1-rsa, SHA-256",
        "sha512-rsa, SHA-512",
        "sha384-ecdsa, SHA-384",
        "sha384-pss, SHA-384",
    })
    void hashesTheCertificateWithTheHashOfItsSignature(String name, String hash) throws Exception {
        byte[] expected =
                MessageDigest.getInstance(hash).digest(certificate(name).getEncoded());
        assertThat(ChannelBindings.serverEndPoint(certificate(name))).contains(Octets.wrap(expected));
    }

    @Test
    void hasNoEndPointForASignatureWithoutADefinedHash() throws Exception {
        assertThat(ChannelBindings.serverEndPoint(certificate("ed25519"))).isEmpty();
    }
}
