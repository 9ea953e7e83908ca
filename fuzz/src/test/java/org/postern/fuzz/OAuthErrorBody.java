// SPDX-License-Identifier: Apache-2.0
package org.postern.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.postern.spi.credential.BearerToken;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.Octets;
import org.postern.spi.credential.Secret;
import org.postern.spi.sasl.SaslExchange;
import org.postern.spi.sasl.SaslMechanism;
import org.postern.spi.sasl.SaslStep;
import org.postern.testkit.FixedSaslContext;

/** The error of a server that refuses a token: it is answered, and what is said of it is short, in ASCII, without the token. */
final class OAuthErrorBody implements Body {

    private static final String TOKEN = "ya29.token-of-a-test-0123456789";
    private static final int LONGEST = 600;

    private final SaslMechanism mechanism;

    OAuthErrorBody(SaslMechanism mechanism) {
        this.mechanism = mechanism;
    }

    @Override
    public void run(byte[] input) {
        try (BearerToken token = token();
                SaslExchange exchange = mechanism.open(FixedSaslContext.plain(), token)) {
            Body.check(exchange.initialResponse().isPresent(), "no first message");
            Body.check(
                    exchange.respond(Octets.copyOf(input)) instanceof SaslStep.Respond, "an error without an answer");
            Body.check(exchange.respond(Octets.EMPTY) instanceof SaslStep.Abort, "a second error was answered");
            Body.check(exchange.conclude() instanceof SaslStep.Abort, "success after an error was believed");
            String detail = exchange.detail().orElseThrow();
            Body.check(detail.length() <= LONGEST, "a detail of " + detail.length() + " characters");
            Body.check(StandardCharsets.US_ASCII.newEncoder().canEncode(detail) && Body.isOneLine(detail), "not ASCII");
            Body.check(!detail.contains(TOKEN.substring(0, 12)), "the token is shown");
        }
    }

    private static BearerToken token() {
        return new BearerToken(
                "user@example.com", Secret.of(TOKEN), new CredentialVersion("1"), Optional.empty(), Set.of());
    }
}
