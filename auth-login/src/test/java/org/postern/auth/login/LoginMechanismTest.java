// SPDX-License-Identifier: Apache-2.0
package org.postern.auth.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.spi.credential.BearerToken;
import org.postern.spi.credential.Credential;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.Octets;
import org.postern.spi.credential.PasswordCredential;
import org.postern.spi.credential.Secret;
import org.postern.spi.sasl.SaslExchange;
import org.postern.spi.sasl.SaslStep;
import org.postern.testkit.FixedSaslContext;

class LoginMechanismTest {

    private final LoginMechanism mechanism = new LoginMechanism();

    private static Credential account(String user, byte[] password) {
        return new PasswordCredential(
                user, Secret.copyOf(password), new CredentialVersion("1"), Optional.empty(), Set.of());
    }

    private SaslExchange open(String user, String password) {
        return mechanism.open(FixedSaslContext.plain(), account(user, password.getBytes(StandardCharsets.UTF_8)));
    }

    private static SaslStep sends(String text) {
        return new SaslStep.Respond(Octets.utf8(text));
    }

    @Test
    void letsTheServerSpeakFirst() {
        try (SaslExchange exchange = open("user", "secret")) {
            assertThat(exchange.initialResponse()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Username:", "Password:", "User Name\0", "Benutzername", "密码", "\r\n"})
    void answersByPositionWhateverThePrompts(String prompt) {
        try (SaslExchange exchange = open("user", "secret")) {
            assertThat(exchange.respond(Octets.utf8(prompt))).isEqualTo(sends("user"));
            assertThat(exchange.respond(Octets.utf8(prompt))).isEqualTo(sends("secret"));
            assertThat(exchange.conclude()).isInstanceOf(SaslStep.Complete.class);
        }
    }

    @Test
    void hasNoThirdAnswer() {
        try (SaslExchange exchange = open("user", "secret")) {
            exchange.respond(Octets.EMPTY);
            exchange.respond(Octets.EMPTY);
            assertThat(exchange.respond(Octets.EMPTY)).isInstanceOf(SaslStep.Abort.class);
            assertThat(exchange.respond(Octets.EMPTY)).isInstanceOf(SaslStep.Abort.class);
            assertThat(exchange.conclude()).isInstanceOf(SaslStep.Abort.class);
        }
    }

    @Test
    void doubtsSuccessThatComesTooEarly() {
        try (SaslExchange exchange = open("user", "secret")) {
            assertThat(exchange.conclude()).isInstanceOf(SaslStep.Abort.class);
            exchange.respond(Octets.EMPTY);
            assertThat(exchange.conclude()).isInstanceOf(SaslStep.Abort.class);
        }
    }

    @Test
    void sendsUserAndPasswordOfAnyLength() {
        for (int length = 1; length <= 4096; length *= 2) {
            for (int size = length - 1; size <= length + 1; size++) {
                String text = "p".repeat(size);
                try (SaslExchange exchange = open(text, text)) {
                    assertThat(exchange.respond(Octets.EMPTY)).isEqualTo(sends(text));
                    assertThat(exchange.respond(Octets.EMPTY)).isEqualTo(sends(text));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"pässwörd", "пароль", "pa\u0308ss", "\uD83D\uDD11", "a\"b'c\\d#e f:g%", "\t", "\uFEFFx"})
    void sendsPasswordsAsTheyAre(String password) {
        try (SaslExchange exchange = open("jürgen", password)) {
            assertThat(exchange.respond(Octets.EMPTY)).isEqualTo(sends("jürgen"));
            assertThat(exchange.respond(Octets.EMPTY)).isEqualTo(sends(password));
        }
    }

    @Test
    void namesTheFieldThatHoldsANul() {
        assertThatThrownBy(() -> open("us\0er", "x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("user name");
        assertThatThrownBy(() -> open("user", "sec\0ret"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("password")
                .hasMessageNotContaining("sec");
    }

    @Test
    void refusesWhatItCannotCarry() {
        Credential token =
                new BearerToken("user", Secret.of("t"), new CredentialVersion("1"), Optional.empty(), Set.of());
        assertThatThrownBy(() -> mechanism.open(FixedSaslContext.plain(), token))
                .isInstanceOf(IllegalArgumentException.class);
        Credential account = account("user", new byte[] {'x'});
        assertThatThrownBy(() -> mechanism.open(FixedSaslContext.plain().actingFor("boss"), account))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("authorization identity");
        mechanism.open(FixedSaslContext.plain().actingFor(""), account).close();
    }

    @Test
    void wipesWhatItHeld() {
        SaslExchange exchange = open("user", "secret");
        exchange.close();
        assertThat(exchange.respond(Octets.EMPTY)).isEqualTo(sends("\0".repeat(4)));
        assertThat(exchange.respond(Octets.EMPTY)).isEqualTo(sends("\0".repeat(6)));
    }
}
