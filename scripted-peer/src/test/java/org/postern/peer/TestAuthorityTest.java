// SPDX-License-Identifier: Apache-2.0
package org.postern.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestAuthorityTest {

    private final TestAuthority authority = TestAuthority.create();

    private X509Certificate own(CertificateVariant variant) {
        return authority.issue(variant).chain().getFirst();
    }

    @Test
    void writesARootThatVerifiesWhatItIssued(@TempDir Path directory) throws Exception {
        Path file = authority.writeRootPem(directory.resolve("ca.pem"));
        X509Certificate read = (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(Files.newInputStream(file));
        assertThat(read).isEqualTo(authority.root());
        own(CertificateVariant.GOOD).verify(read.getPublicKey());
    }

    @Test
    void issuesForNamesAndAddresses() throws Exception {
        assertThat(own(CertificateVariant.GOOD).getSubjectAlternativeNames())
                .containsExactly(List.of(2, "localhost"), List.of(7, "127.0.0.1"), List.of(7, "0:0:0:0:0:0:0:1"));
        assertThat(own(CertificateVariant.PARTIAL_WILDCARD).getSubjectAlternativeNames())
                .containsExactly(List.of(2, "m*.interop.test"));
        assertThat(own(CertificateVariant.CN_ONLY).getSubjectAlternativeNames()).isNull();
    }

    @Test
    void issuesForAnotherTime() {
        assertThatExceptionOfType(CertificateExpiredException.class)
                .isThrownBy(() -> own(CertificateVariant.EXPIRED).checkValidity());
        assertThatExceptionOfType(CertificateNotYetValidException.class)
                .isThrownBy(() -> own(CertificateVariant.NOT_YET_VALID).checkValidity());
    }

    @Test
    void chainsThroughAnIntermediate() throws Exception {
        List<X509Certificate> chain =
                authority.issue(CertificateVariant.INTERMEDIATE).chain();
        assertThat(chain).hasSize(2);
        chain.get(0).verify(chain.get(1).getPublicKey());
        chain.get(1).verify(authority.root().getPublicKey());
    }

    @Test
    void namesTheKeywordsThereAre() {
        assertThat(CertificateVariant.of("self-signed")).isEqualTo(CertificateVariant.SELF_SIGNED);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CertificateVariant.of("perfect"))
                .withMessageContaining("good, wrong-name, expired");
    }
}
