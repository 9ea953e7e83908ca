// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CipherListTest {

    private static final String GCM = "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256";
    private static final String ECDSA = "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384";
    private static final String CHACHA = "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256";
    private static final String DHE = "TLS_DHE_RSA_WITH_AES_256_CBC_SHA256";
    private static final String RSA = "TLS_RSA_WITH_AES_128_CBC_SHA";
    private static final String TRIPLE = "SSL_RSA_WITH_3DES_EDE_CBC_SHA";
    private static final String ANONYMOUS = "TLS_DH_anon_WITH_AES_128_CBC_SHA";
    private static final String NOTHING = "TLS_RSA_WITH_NULL_SHA256";
    private static final List<String> SUPPORTED = List.of(ECDSA, GCM, CHACHA, DHE, RSA, TRIPLE, ANONYMOUS, NOTHING);

    private static List<String> select(String written) throws GeneralSecurityException {
        return CipherList.of(List.of(ECDSA, GCM), SUPPORTED).select(written);
    }

    @ParameterizedTest
    @CsvSource({
        "ECDHE-RSA-AES128-GCM-SHA256, " + GCM,
        "ecdhe-rsa-aes128-gcm-sha256, " + GCM,
        GCM + ", " + GCM,
        "ECDHE-ECDSA-AES256-GCM-SHA384, " + ECDSA,
        "ECDHE-RSA-CHACHA20-POLY1305, " + CHACHA,
        "DHE-RSA-AES256-SHA256, " + DHE,
        "AES128-SHA, " + RSA,
        "DES-CBC3-SHA, " + TRIPLE,
        "ADH-AES128-SHA, " + ANONYMOUS,
        "NULL-SHA256, " + NOTHING
    })
    void knowsASuiteByOpensslsNameAndByItsOwn(String written, String suite) throws Exception {
        assertThat(select(written)).containsExactly(suite);
    }

    @Test
    void takesGroupsTogetherBarsAndMovesAsOpensslDoes() throws Exception {
        assertThat(select("DEFAULT")).containsExactly(ECDSA, GCM);
        assertThat(select("HIGH:!aNULL:!kRSA")).containsExactly(ECDSA, GCM, CHACHA, DHE);
        assertThat(select("ECDHE+AESGCM")).containsExactly(ECDSA, GCM);
        assertThat(select("kEECDH+aRSA, CHACHA20")).containsExactly(GCM, CHACHA);
        assertThat(select("CHACHA20:HIGH:-aECDSA:+DHE:!aNULL")).containsExactly(CHACHA, GCM, RSA, DHE);
        assertThat(select("ALL:!SHA1:@STRENGTH")).containsExactly(ECDSA, GCM, CHACHA, DHE);
        assertThat(select("ALL")).doesNotContain(NOTHING);
        assertThat(select("3DES eNULL")).containsExactly(TRIPLE, NOTHING);
    }

    @Test
    void barsForGoodWhatAnExclamationMarkBars() throws Exception {
        assertThat(select("!ECDHE:ALL:ECDHE:!aNULL")).containsExactly(DHE, RSA, TRIPLE);
        assertThat(select("-ECDHE:ECDHE")).containsExactly(ECDSA, GCM, CHACHA);
    }

    @Test
    void passesOverAWordThatMeansNothingHereAndRefusesAListThatDoes() throws Exception {
        assertThat(select("CAMELLIA256:DHE")).containsExactly(DHE);
        assertThatThrownBy(() -> select("CAMELLIA256:!ALL"))
                .isInstanceOf(GeneralSecurityException.class)
                .hasMessageContaining("TLS_Ciphers")
                .hasMessageContaining("CAMELLIA256:!ALL");
    }

    private static SSLParameters offered(String protocols, String ciphers, String suites) throws Exception {
        SSLContext context = SSLContext.getDefault();
        return new TlsOffer(protocols, ciphers, Optional.ofNullable(suites))
                .applyTo(
                        context.getDefaultSSLParameters(),
                        List.of(context.getSupportedSSLParameters().getCipherSuites()));
    }

    @ParameterizedTest
    @CsvSource({
        "+ALL, TLSv1.3 TLSv1.2",
        "'+ALL -TLSv1.3', TLSv1.2",
        "'+all:-SSLv3:-TLSv1:-TLSv1.1', TLSv1.3 TLSv1.2",
        "'TLSv1.2,TLSv1.3', TLSv1.3 TLSv1.2",
        "+TLSv1.3, TLSv1.3"
    })
    void offersTheProtocolsThatAreLeft(String written, String expected) throws Exception {
        assertThat(offered(written, "DEFAULT", null).getProtocols()).containsExactly(expected.split(" "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"+ALL -TLSv1.2 -TLSv1.3", "TLSv1", "SSLv3 +TLSv1.1"})
    void refusesToOfferNothing(String written) {
        assertThatThrownBy(() -> offered(written, "DEFAULT", null))
                .isInstanceOf(GeneralSecurityException.class)
                .hasMessageContaining("TLS_Protocols");
    }

    @Test
    void offersSuitesOfBothVersionsByTheirOwnLists() throws Exception {
        assertThat(offered("+ALL", "ECDHE-RSA-AES128-GCM-SHA256", "TLS_AES_256_GCM_SHA384")
                        .getCipherSuites())
                .containsExactly("TLS_AES_256_GCM_SHA384", GCM);
        assertThat(offered("TLSv1.2", "ECDHE-RSA-AES128-GCM-SHA256", null).getCipherSuites())
                .containsExactly(GCM);
        assertThat(offered("+ALL", "DEFAULT", null).getCipherSuites()).contains("TLS_AES_128_GCM_SHA256", GCM);
    }

    @Test
    void namesTheSuitesItHasWhereOneIsWrong() {
        assertThatThrownBy(() -> offered("+ALL", "DEFAULT", "TLS_AES_512"))
                .isInstanceOf(GeneralSecurityException.class)
                .hasMessageContaining("'TLS_AES_512'")
                .hasMessageContaining("TLS_AES_256_GCM_SHA384");
    }
}
