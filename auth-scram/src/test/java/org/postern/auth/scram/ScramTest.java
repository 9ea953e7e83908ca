// SPDX-License-Identifier: Apache-2.0
package org.postern.auth.scram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.postern.spi.credential.BearerToken;
import org.postern.spi.credential.Credential;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.Octets;
import org.postern.spi.credential.Secret;
import org.postern.spi.sasl.SaslContext;
import org.postern.spi.sasl.SaslExchange;
import org.postern.spi.sasl.SaslStep;
import org.postern.spi.sasl.TlsEvidence;
import org.postern.testkit.FixedSaslContext;

class ScramTest {

    private final SaltedPasswords passwords = new SaltedPasswords();

    private static FixedSaslContext under(Map<String, Octets> bindings) {
        return FixedSaslContext.plain()
                .under(new TlsEvidence(
                        "TLSv1.3", "TLS_AES_128_GCM_SHA256", List.of(), true, "trusted", List.of(), bindings));
    }

    private static FixedSaslContext bindable() {
        return under(Map.of(TlsEvidence.TLS_SERVER_END_POINT, Octets.utf8("certificate")));
    }

    private String first(Scram scram, SaslContext context, String user) {
        try (Credential account = Accounts.account(user, "pencil");
                SaslExchange exchange = scram.open(context, account)) {
            return exchange.initialResponse().orElseThrow().toUtf8();
        }
    }

    private String first(SaslContext context) {
        return first(Scram.unbound(Hash.SHA_256, passwords).withNonces(() -> "N"), context, "user");
    }

    private static String text(SaslStep step) {
        return ((SaslStep.Respond) step).response().toUtf8();
    }

    @Test
    void repeatsTheExampleOfRfc5802() {
        Scram scram = Scram.unbound(Hash.SHA_1, passwords).withNonces(() -> "fyko+d2lbbFgONRv9qkxdawL");
        try (Credential account = Accounts.account("user", "pencil");
                SaslExchange exchange = scram.open(FixedSaslContext.plain(), account)) {
            assertThat(exchange.initialResponse()).contains(Octets.utf8("n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL"));
            assertThat(text(exchange.respond(
                            Octets.utf8("r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096"))))
                    .isEqualTo("c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=");
            assertThat(exchange.respond(Octets.utf8("v=rmF9pqV8S7suAoZWja4dJRkFsKQ=")))
                    .isEqualTo(new SaslStep.Respond(Octets.EMPTY));
            assertThat(exchange.conclude()).isEqualTo(new SaslStep.Complete());
        }
    }

    @Test
    void takesANonceOfItsOwnEachTime() {
        Set<String> nonces = new HashSet<>();
        Scram scram = Scram.unbound(Hash.SHA_256, passwords);
        for (int i = 0; i < 1_000; i++) {
            String nonce = first(scram, FixedSaslContext.plain(), "user").replaceFirst(".*,r=", "");
            assertThat(nonce).matches("[!-+\\--~]{32}");
            nonces.add(nonce);
        }
        assertThat(nonces).hasSize(1_000);
    }

    @ParameterizedTest
    @CsvSource({
        "'a,b=c', 'a=2Cb=3Dc'",
        "'=2C', '=3D2C'",
        "'I\u00ADX', IX",
        "'\u00AA', a",
        "'\u2168', IX",
        "j\u00FCrgen, j\u00FCrgen",
        "ju\u0308rgen, j\u00FCrgen",
    })
    void preparesAndEscapesTheUser(String user, String written) {
        Scram scram = Scram.unbound(Hash.SHA_256, passwords).withNonces(() -> "N");
        assertThat(first(scram, FixedSaslContext.plain(), user)).isEqualTo("n,,n=" + written + ",r=N");
    }

    @Test
    void actsForSomebodyElse() {
        assertThat(first(FixedSaslContext.plain().actingFor("boss,="))).isEqualTo("n,a=boss=2C=3D,n=user,r=N");
        assertThat(first(FixedSaslContext.plain().actingFor(""))).isEqualTo("n,,n=user,r=N");
    }

    @Test
    void saysThatItCouldHaveBoundToTheChannel() {
        assertThat(first(FixedSaslContext.plain())).startsWith("n,");
        assertThat(first(under(Map.of()))).as("nothing to bind to").startsWith("n,");
        assertThat(first(bindable().offering("SCRAM-SHA-256"))).startsWith("y,");
        assertThat(first(bindable().offering("SCRAM-SHA-256", "SCRAM-SHA-256-PLUS")))
                .as("the configuration chose to do without")
                .startsWith("n,");
        assertThat(first(bindable().offering("SCRAM-SHA-256", "SCRAM-SHA-1-PLUS")))
                .as("an offer that somebody may have made up keeps nobody from asking")
                .startsWith("y,");
    }

    @Test
    void bindsToTheSessionBeforeTheCertificate() {
        Scram scram = Scram.bound(Hash.SHA_256, passwords).withNonces(() -> "N");
        SaslContext both = under(Map.of(
                TlsEvidence.TLS_SERVER_END_POINT, Octets.utf8("certificate"),
                TlsEvidence.TLS_EXPORTER, Octets.utf8("session")));
        assertThat(first(scram, both, "user")).isEqualTo("p=tls-exporter,,n=user,r=N");
        assertThat(first(scram, bindable(), "user")).isEqualTo("p=tls-server-end-point,,n=user,r=N");
    }

    @Test
    void sendsTheBindingWithItsHeader() {
        Scram scram = Scram.bound(Hash.SHA_256, passwords).withNonces(() -> "N");
        try (Credential account = Accounts.account("user", "pencil");
                SaslExchange exchange = scram.open(bindable(), account)) {
            String last = text(exchange.respond(new Server(Hash.SHA_256, "user", "pencil", "N").first()));
            String bound = last.replaceFirst("c=([^,]*),.*", "$1");
            assertThat(new String(Base64.getDecoder().decode(bound), StandardCharsets.UTF_8))
                    .isEqualTo("p=tls-server-end-point,,certificate");
        }
    }

    @ParameterizedTest
    @EnumSource(Hash.class)
    void doesNotGoOnUnboundWhereNoBindingIsDefined(Hash hash) {
        Scram scram = Scram.bound(hash, passwords);
        for (SaslContext context : List.of(FixedSaslContext.plain(), under(Map.of()))) {
            assertThatThrownBy(() -> first(scram, context, "user"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("channel binding");
        }
        ScramSha256Plus mechanism = new ScramSha256Plus(passwords);
        assertThat(mechanism.canBind(under(Map.of()).tls().orElseThrow())).isFalse();
        assertThat(mechanism.canBind(bindable().tls().orElseThrow())).isTrue();
    }

    @Test
    void refusesWhatItCannotCarry() {
        Scram scram = Scram.unbound(Hash.SHA_256, passwords);
        Credential token =
                new BearerToken("user", Secret.of("t"), new CredentialVersion("1"), Optional.empty(), Set.of());
        assertThatThrownBy(() -> scram.open(FixedSaslContext.plain(), token))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> first(FixedSaslContext.plain().actingFor("a\0b")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("authorization identity");
    }
}
