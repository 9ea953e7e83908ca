// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.cert.X509Certificate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postern.peer.CertificateRequest;
import org.postern.peer.TestAuthority;

class ServiceIdentityTest {

    private static final TestAuthority AUTHORITY = TestAuthority.create();

    private static X509Certificate named(String name, String... addresses) {
        return AUTHORITY
                .issue(CertificateRequest.forNames(name).andAddresses(addresses))
                .chain()
                .getFirst();
    }

    private static boolean matches(String host, X509Certificate certificate) {
        return new ServiceIdentity(host).isNamedBy(certificate);
    }

    @ParameterizedTest
    @CsvSource({
        "mx.example.test, mx.example.test",
        "mx.example.test, MX.Example.TEST",
        "MX.Example.test, mx.example.test",
        "mx.example.test., mx.example.test",
        "mx.example.test, *.example.test",
        "xn--mnchen-3ya.example.test, xn--mnchen-3ya.example.test",
        "münchen.example.test, xn--mnchen-3ya.example.test",
        "MÜNCHEN.example.test, xn--mnchen-3ya.example.test"
    })
    void takesTheName(String host, String presented) {
        assertThat(matches(host, named(presented))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "mx.example.test, m*.example.test",
        "mx.example.test, *x.example.test",
        "mx.example.test, mx.*.test",
        "mx.example.test, *.*.test",
        "mx.example.test, *.test",
        "mx.example.test, *",
        "a.mx.example.test, *.example.test",
        "example.test, *.example.test",
        "example.test, *.test",
        ".example.test, *.example.test",
        "mx.example.test, example.test",
        "mx.example.test, mx.example.test.evil.test",
        "mx.example.test.evil.test, mx.example.test",
        "evilmx.example.test, mx.example.test",
        "192.0.2.1, 192.0.2.1",
        "192.0.2.1, *.0.2.1"
    })
    void refusesTheName(String host, String presented) {
        assertThat(matches(host, named(presented))).isFalse();
    }

    @Test
    void takesAnAddressExactly() {
        X509Certificate certificate = named("mx.example.test", "192.0.2.1", "2001:db8::1");
        for (String host :
                List.of("192.0.2.1", "[192.0.2.1]", "2001:db8::1", "2001:DB8:0:0:0:0:0:1", "[2001:db8::1]")) {
            assertThat(matches(host, certificate)).as(host).isTrue();
        }
        for (String host : List.of("192.0.2.10", "192.0.2", "2001:db8::2", "::ffff:192.0.2.2")) {
            assertThat(matches(host, certificate)).as(host).isFalse();
        }
    }

    @Test
    void doesNotLookAtTheCommonName() {
        X509Certificate certificate = AUTHORITY
                .issue(CertificateRequest.forNames("mx.example.test").commonNameOnly())
                .chain()
                .getFirst();
        assertThat(matches("mx.example.test", certificate)).isFalse();
        assertThat(ServiceIdentity.namesOf(certificate)).isEqualTo("no host");
    }

    @Test
    void namesItselfOnlyWhereThereIsAName() {
        assertThat(new ServiceIdentity("MX.example.test.").dnsName()).hasValue("mx.example.test");
        assertThat(new ServiceIdentity("192.0.2.1").dnsName()).isEmpty();
        assertThat(new ServiceIdentity("2001:db8::1").dnsName()).isEmpty();
        assertThat(new ServiceIdentity("999.0.2.1").isAddress()).isFalse();
    }
}
