// SPDX-License-Identifier: Apache-2.0
package org.postern.auth.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.spi.credential.BearerToken;
import org.postern.spi.credential.Credential;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.IdentityOnly;
import org.postern.spi.credential.Octets;
import org.postern.spi.credential.PasswordCredential;
import org.postern.spi.credential.Secret;
import org.postern.spi.sasl.SaslContext;
import org.postern.spi.sasl.SaslExchange;
import org.postern.spi.sasl.SaslMechanism;
import org.postern.spi.sasl.SaslStep;
import org.postern.testkit.FixedSaslContext;

/** A3-07, A4-14 to A4-18: the messages of both mechanisms, and their answers to an error. */
class BearerMechanismsTest {

    private static final SaslMechanism XOAUTH2 = new XOAuth2Mechanism();
    private static final SaslMechanism OAUTHBEARER = new OAuthBearerMechanism();
    private static final SaslContext SUBMISSION = FixedSaslContext.plain().with("server.example.com", 587);

    private static Credential token(String user, String token) {
        return new BearerToken(user, Secret.of(token), new CredentialVersion("1"), Optional.empty(), Set.of());
    }

    private static SaslExchange open(SaslMechanism mechanism) {
        return mechanism.open(SUBMISSION, token("user@example.com", "vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg=="));
    }

    private static String inBase64(SaslMechanism mechanism, SaslContext context, Credential credential) {
        try (SaslExchange exchange = mechanism.open(context, credential)) {
            return Base64.getEncoder()
                    .encodeToString(exchange.initialResponse().orElseThrow().toByteArray());
        }
    }

    private static String text(SaslMechanism mechanism, SaslContext context, Credential credential) {
        return new String(
                Base64.getDecoder().decode(inBase64(mechanism, context, credential)),
                java.nio.charset.StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource({
        "143, bixhPXVzZXJAZXhhbXBsZS5jb20sAWhvc3Q9c2VydmVyLmV4YW1wbGUuY29tAXBvcnQ9MTQzAWF1dGg9QmVhcmVyIHZGOWRm"
                + "dDRxbVRjMk52YjNSbGNrQmhiSFJoZG1semRHRXVZMjl0Q2c9PQEB",
        "587, bixhPXVzZXJAZXhhbXBsZS5jb20sAWhvc3Q9c2VydmVyLmV4YW1wbGUuY29tAXBvcnQ9NTg3AWF1dGg9QmVhcmVyIHZGOWRm"
                + "dDRxbVRjMk52YjNSbGNrQmhiSFJoZG1semRHRXVZMjl0Q2c9PQEB"
    })
    void writesTheMessagesOfTheStandard(int port, String expected) {
        // RFC 7628 section 4.
        SaslContext context = FixedSaslContext.plain().with("server.example.com", port);
        assertThat(inBase64(
                        OAUTHBEARER, context, token("user@example.com", "vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==")))
                .isEqualTo(expected);
    }

    @Test
    void writesTheMessageThatGoogleDocuments() {
        assertThat(inBase64(
                        XOAUTH2,
                        SUBMISSION,
                        token("someuser@example.com", "ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg")))
                .isEqualTo("dXNlcj1zb21ldXNlckBleGFtcGxlLmNvbQFhdXRoPUJlYXJlciB5YTI5LnZGOWRmdDRxbVRjMk52YjNSbGNrQmhk"
                        + "SFJoZG1semRHRXVZMjl0Q2cBAQ==");
    }

    @Test
    void escapesWhatTheGs2HeaderReserves() {
        assertThat(text(OAUTHBEARER, SUBMISSION, token("a=b,c=2C", "t")))
                .startsWith("n,a=a=3Db=2Cc=3D2C,\u0001host=server.example.com\u0001");
        assertThat(text(XOAUTH2, SUBMISSION, token("a=b,c", "t")))
                .isEqualTo("user=a=b,c\u0001auth=Bearer t\u0001\u0001");
    }

    @Test
    void sendsNamesOutsideAsciiInUtf8() {
        assertThat(text(OAUTHBEARER, SUBMISSION, token("j\u00fcrgen@b\u00fccher.example", "t")))
                .startsWith("n,a=j\u00fcrgen@b\u00fccher.example,");
        assertThat(text(XOAUTH2, SUBMISSION, token("\u5bc6\u7801", "t"))).startsWith("user=\u5bc6\u7801\u0001");
    }

    @Test
    void actsForAnotherMailboxWhereTheMechanismHasAPlaceForIt() {
        SaslContext acting = FixedSaslContext.plain().actingFor("shared@example.com");
        assertThat(text(OAUTHBEARER, acting, token("user@example.com", "t"))).startsWith("n,a=shared@example.com,");
        assertThatThrownBy(() -> XOAUTH2.open(acting, token("user@example.com", "t")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the mailbox");
        XOAUTH2.open(FixedSaslContext.plain().actingFor(""), token("u", "t")).close();
        assertThatThrownBy(() -> OAUTHBEARER.open(
                        FixedSaslContext.plain().actingFor("a\u0001auth=Bearer x"), token("user@example.com", "t")))
                .hasMessageContaining("authorization identity");
    }

    @Test
    void answersAnErrorWithAnEmptyLine() {
        try (SaslExchange exchange = open(XOAUTH2)) {
            exchange.initialResponse();
            assertThat(exchange.respond(Octets.utf8(
                            "{\"status\":\"400\",\"schemes\":\"Bearer\",\"scope\":\"https://mail.google.com/\"}")))
                    .isEqualTo(new SaslStep.Respond(Octets.EMPTY));
            assertThat(exchange.detail()).hasValue("status 400, scope https://mail.google.com/");
            assertThat(exchange.respond(Octets.EMPTY)).isInstanceOf(SaslStep.Abort.class);
        }
    }

    @Test
    void answersAnErrorWithOneControlA() {
        try (SaslExchange exchange = open(OAUTHBEARER)) {
            exchange.initialResponse();
            // RFC 7628 section 4.3.
            assertThat(exchange.respond(Octets.utf8("{\"status\":\"invalid_token\",\"scope\":\"example_scope\","
                            + "\"openid-configuration\":\"https://example.com/.well-known/openid-config\"}")))
                    .isEqualTo(new SaslStep.Respond(Octets.utf8("\u0001")));
            assertThat(exchange.detail())
                    .hasValue("status invalid_token, scope example_scope, "
                            + "openid-configuration https://example.com/.well-known/openid-config");
        }
    }

    @Test
    void doubtsSuccessAfterAnError() {
        for (SaslMechanism mechanism : new SaslMechanism[] {XOAUTH2, OAUTHBEARER}) {
            try (SaslExchange exchange = open(mechanism)) {
                assertThat(exchange.detail()).isEmpty();
                assertThat(exchange.conclude()).isInstanceOf(SaslStep.Complete.class);
                exchange.respond(Octets.utf8("{\"status\":\"401\"}"));
                assertThat(exchange.conclude()).isInstanceOf(SaslStep.Abort.class);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2_000, 6_000, 9_000, 65_536})
    void carriesTokensOfAnyLength(int length) {
        assertThat(text(XOAUTH2, SUBMISSION, token("u", "x".repeat(length))))
                .isEqualTo("user=u\u0001auth=Bearer " + "x".repeat(length) + "\u0001\u0001");
    }

    @Test
    void saysWhatIsWrongWithAToken() {
        assertThatThrownBy(() -> XOAUTH2.open(SUBMISSION, token("u", "Bearer abcdef")))
                .hasMessageContaining("without the word Bearer")
                .hasMessageNotContaining("abcdef");
        assertThatThrownBy(() -> XOAUTH2.open(SUBMISSION, token("u", "abc\u0001def")))
                .hasMessageContaining("a control character");
    }

    @Test
    void refusesWhatIsNoToken() {
        Credential password =
                new PasswordCredential("user", Secret.of("pw"), new CredentialVersion("1"), Optional.empty(), Set.of());
        for (SaslMechanism mechanism : new SaslMechanism[] {XOAUTH2, OAUTHBEARER}) {
            assertThatThrownBy(() -> mechanism.open(SUBMISSION, password))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("needs an access token");
            assertThatThrownBy(() -> mechanism.open(SUBMISSION, new IdentityOnly("user")))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
