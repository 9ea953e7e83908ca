// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.security.cert.Certificate;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.Test;
import org.postern.core.smtp.TlsPolicy.Verification;
import org.postern.peer.CertificateVariant;
import org.postern.peer.TestAuthority;

class PeerTrustTest {

    private static final TestAuthority AUTHORITY = TestAuthority.create();

    /** A session with a peer that shows a certificate nobody knows, and values as a resumed session inherits them. */
    private static SSLSession session(Map<String, Object> values) {
        Certificate[] chain = AUTHORITY.issue(CertificateVariant.GOOD).chain().toArray(new Certificate[0]);
        return (SSLSession) Proxy.newProxyInstance(
                PeerTrustTest.class.getClassLoader(),
                new Class<?>[] {SSLSession.class},
                (self, method, arguments) -> switch (method.getName()) {
                    case "getValue" -> values.get(arguments[0]);
                    case "removeValue" ->
                        Optional.ofNullable(values.remove(arguments[0]))
                                .map(gone -> null)
                                .orElse(null);
                    case "getPeerHost" -> "localhost";
                    case "getPeerCertificates" -> chain;
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    private static PeerTrust trust(Verification verification) throws Exception {
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init((java.security.KeyStore) null);
        X509ExtendedTrustManager chains = Stream.of(factory.getTrustManagers())
                .map(X509ExtendedTrustManager.class::cast)
                .findFirst()
                .orElseThrow();
        return new PeerTrust(chains, verification);
    }

    @Test
    void usesAVerdictOnceAndThenJudgesAgain() throws Exception {
        Map<String, Object> values = new HashMap<>();
        values.put("org.postern.verdict", new Verdict(true, true, "as of the first handshake"));
        SSLSession session = session(values);
        PeerTrust trust = trust(Verification.NONE);
        assertThat(trust.verdictOn(session).text()).isEqualTo("as of the first handshake");
        Verdict again = trust.verdictOn(session);
        assertThat(again.isVerified()).isFalse();
        assertThat(again.text()).contains("names localhost", "not trusted");
    }

    @Test
    void refusesAResumedSessionThatHasBecomeUntrustworthy() throws Exception {
        SSLSession session = session(new HashMap<>());
        assertThatThrownBy(() -> trust(Verification.HOST).verdictOn(session))
                .isInstanceOf(CertificateRefusedException.class);
    }
}
