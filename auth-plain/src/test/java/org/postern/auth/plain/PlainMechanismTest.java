// SPDX-License-Identifier: Apache-2.0
package org.postern.auth.plain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.spi.credential.BearerToken;
import org.postern.spi.credential.Credential;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.Octets;
import org.postern.spi.credential.PasswordCredential;
import org.postern.spi.credential.Secret;
import org.postern.spi.sasl.SaslContext;
import org.postern.spi.sasl.SaslExchange;
import org.postern.spi.sasl.SaslStep;
import org.postern.testkit.FixedSaslContext;

class PlainMechanismTest {

    private final PlainMechanism mechanism = new PlainMechanism();

    private static Credential account(String user, byte[] password) {
        return new PasswordCredential(
                user, Secret.copyOf(password), new CredentialVersion("1"), Optional.empty(), Set.of());
    }

    private static Credential account(String user, String password) {
        return account(user, password.getBytes(StandardCharsets.UTF_8));
    }

    private String message(String authorization, String user, String password) {
        SaslContext session = authorization == null
                ? FixedSaslContext.plain()
                : FixedSaslContext.plain().actingFor(authorization);
        try (SaslExchange exchange = mechanism.open(session, account(user, password))) {
            return exchange.initialResponse().orElseThrow().toUtf8();
        }
    }

    @Test
    void writesTheMessagesOfTheStandard() {
        // RFC 4616 section 4.
        assertThat(message(null, "tim", "tanstaaftanstaaf")).isEqualTo("\0tim\0tanstaaftanstaaf");
        assertThat(message("Ursel", "Kurt", "xipj3plmq")).isEqualTo("Ursel\0Kurt\0xipj3plmq");
        assertThat(message("", "tim", "x")).isEqualTo("\0tim\0x");
    }

    @Test
    void hasTwoNulsAndNoneAtTheEndWhateverTheLengths() {
        for (int length = 1; length <= 4096; length *= 2) {
            for (int size = Math.max(1, length - 1); size <= length + 1; size++) {
                String text = "p".repeat(size);
                assertThat(message(null, text, text)).isEqualTo("\0" + text + "\0" + text);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"pässwörd", "пароль", "密码", "\uD83D\uDD11key", "a\"b'c\\d#e f:g%", " leading and trailing "})
    void carriesEveryPassword(String password) {
        assertThat(message(null, "user", password)).isEqualTo("\0user\0" + password);
    }

    @ParameterizedTest
    @CsvSource({
        // RFC 4013 section 3.
        "I\u00ADX, IX",
        "user, user",
        "USER, USER",
        "\u00AA, a",
        "\u2168, IX",
        // Composed, spaces made plain, invisible ones dropped.
        "pa\u0308ss, p\u00E4ss",
        "a\u00A0b, a b",
        "a\u3000b, a b",
        "a\u200Cb\uFEFF, ab",
        "\uFF21, A"
    })
    void preparesText(String written, String sent) {
        assertThat(message(null, "user", written)).isEqualTo("\0user\0" + sent);
        assertThat(message(null, written, "x")).isEqualTo("\0" + sent + "\0x");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u0007",
                "a\nb",
                "a\rb",
                "a\u007Fb",
                "a\u0085b",
                "\u0627\u0031",
                "\u0627a\u0627",
                "a\uE000",
                "a\u202Eb",
                "a\uFFFDb",
                "a\uFDD0"
            })
    void refusesWhatCannotBePrepared(String password) {
        assertThatThrownBy(() -> message(null, "user", password))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("password")
                .hasMessageNotContaining(password);
    }

    @Test
    void namesTheFieldThatHoldsANul() {
        assertThatThrownBy(() -> message(null, "us\0er", "x")).hasMessageContaining("user name holds a NUL");
        assertThatThrownBy(() -> message(null, "user", "sec\0ret"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("password holds a NUL")
                .hasMessageNotContaining("sec");
        assertThatThrownBy(() -> message("a\0b", "user", "x")).hasMessageContaining("authorization identity");
    }

    @Test
    void refusesEmptyFields() {
        assertThatThrownBy(() -> message(null, "", "x")).hasMessageContaining("user name is empty");
        assertThatThrownBy(() -> message(null, "user", "")).hasMessageContaining("password is empty");
        assertThatThrownBy(() -> message(null, "user", "\u00AD")).hasMessageContaining("password is empty");
    }

    @Test
    void refusesPasswordsThatAreNoText() {
        Credential binary = account("user", new byte[] {'a', (byte) 0xFF, 'b'});
        assertThatThrownBy(() -> mechanism.open(FixedSaslContext.plain(), binary))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("password is not UTF-8");
    }

    @Test
    void refusesTokens() {
        Credential token =
                new BearerToken("user", Secret.of("t"), new CredentialVersion("1"), Optional.empty(), Set.of());
        assertThatThrownBy(() -> mechanism.open(FixedSaslContext.plain(), token))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void hasNothingMoreToSay() {
        try (SaslExchange exchange = mechanism.open(FixedSaslContext.plain(), account("user", "secret"))) {
            exchange.initialResponse();
            assertThat(exchange.respond(Octets.EMPTY)).isInstanceOf(SaslStep.Abort.class);
            assertThat(exchange.conclude()).isInstanceOf(SaslStep.Complete.class);
        }
    }

    @Test
    void wipesItsMessage() {
        SaslExchange exchange = mechanism.open(FixedSaslContext.plain(), account("user", "secret"));
        Octets given = exchange.initialResponse().orElseThrow();
        exchange.close();
        assertThat(exchange.initialResponse().orElseThrow().toByteArray()).containsOnly(0);
        assertThat(given).isEqualTo(Octets.utf8("\0user\0secret"));
    }

    @Test
    void leavesTheCredentialAsItWas() {
        Credential account = account("user", "secret");
        for (int i = 0; i < 2; i++) {
            try (SaslExchange exchange = mechanism.open(FixedSaslContext.plain(), account)) {
                assertThat(exchange.initialResponse()).hasValue(Octets.utf8("\0user\0secret"));
            }
        }
    }
}
