// SPDX-License-Identifier: Apache-2.0
package org.postern.auth.jdk;

import java.security.PublicKey;
import java.security.cert.Certificate;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.security.sasl.Sasl;
import javax.security.sasl.SaslClientFactory;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.PasswordCredential;
import org.postern.spi.credential.Secret;
import org.postern.spi.sasl.TlsEvidence;
import org.postern.testkit.FixedSaslContext;

/** What the Java runtime brings. */
final class Jdk {

    private Jdk() {}

    static JdkMechanism mechanism(String name) {
        return new JdkMechanism(Profile.of(name, Map.of()), origin(name), Optional.empty());
    }

    static ClientOrigin origin(String name) {
        return Collections.list(Sasl.getSaslClientFactories()).stream()
                .map(factory -> new ClientOrigin(factory, true))
                .filter(origin -> origin.offers(name))
                .findFirst()
                .orElseThrow();
    }

    /** A session in which this side showed a certificate. */
    static FixedSaslContext withCertificate() {
        Certificate own = new Certificate("X.509") {

            private static final long serialVersionUID = 1L;

            @Override
            public byte[] getEncoded() {
                return new byte[0];
            }

            @Override
            public void verify(PublicKey key) {}

            @Override
            public void verify(PublicKey key, String provider) {}

            @Override
            public String toString() {
                return "a certificate";
            }

            @Override
            public PublicKey getPublicKey() {
                throw new UnsupportedOperationException();
            }
        };
        return FixedSaslContext.plain()
                .under(new TlsEvidence(
                        "TLSv1.3", "TLS_AES_128_GCM_SHA256", List.of(), true, "verified", List.of(own), Map.of()));
    }

    static JdkMechanism foreign(String name, SaslClientFactory factory) {
        return new JdkMechanism(Profile.of(name, Map.of()), new ClientOrigin(factory, false), Optional.empty());
    }

    static PasswordCredential account(String user, String password) {
        return new PasswordCredential(
                user, Secret.of(password), new CredentialVersion("1"), Optional.empty(), Set.of());
    }
}
