// SPDX-License-Identifier: Apache-2.0
package org.postern.auth.scram;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.postern.fuzz.Body;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.Octets;
import org.postern.spi.credential.PasswordCredential;
import org.postern.spi.credential.Secret;
import org.postern.spi.sasl.SaslExchange;
import org.postern.spi.sasl.SaslStep;
import org.postern.testkit.FixedSaslContext;

/**
 * A server that says one line of the input after the other. The nonce is that of RFC 5802's example, so that an input can
 * get past it, and nobody but that example's server knows the password.
 */
public final class ScramBody implements Body {

    private static final String NONCE = "fyko+d2lbbFgONRv9qkxdawL";
    private static final String HONEST = "r=" + NONCE + "3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096";
    private static final long SECOND = 1_000_000_000L;

    /** A clock that is a second later at every look: counts far above the usual are cut off by time, and soon. */
    private final AtomicLong clock = new AtomicLong();

    private final SaltedPasswords passwords = new SaltedPasswords(new Salting(() -> clock.addAndGet(SECOND)), 10);

    @Override
    public void run(byte[] input) {
        // Octets outside of UTF-8 go through as they are.
        String[] lines = new String(input, StandardCharsets.ISO_8859_1).split("\n", 8);
        try (PasswordCredential account = account();
                SaslExchange exchange = Scram.unbound(Hash.SHA_1, passwords)
                        .withNonces(() -> NONCE)
                        .open(FixedSaslContext.plain(), account)) {
            exchange.initialResponse().orElseThrow();
            for (String line : lines) {
                step(exchange, line);
            }
            conclude(exchange, lines[0]);
        }
    }

    private static void step(SaslExchange exchange, String line) {
        switch (exchange.respond(Octets.wrap(line.getBytes(StandardCharsets.ISO_8859_1)))) {
            case SaslStep.Respond respond -> check(respond.response().toUtf8());
            case SaslStep.Abort abort -> Body.check(Body.isOneLine(abort.reason()), "a reason of several lines");
            case SaslStep.Complete complete -> throw new AssertionError("complete before the server said so");
        }
    }

    private static void check(String response) {
        Body.check(
                response.isEmpty() || response.startsWith("c=biws,r=" + NONCE) && Body.isOneLine(response),
                "a response that is none");
        int proof = response.lastIndexOf(",p=");
        // What stands before it is the server's nonce, which may well be the password by chance.
        Body.check(
                response.isEmpty() || Base64.getDecoder().decode(response.substring(proof + 3)).length == 20,
                "a proof that is no SHA-1");
    }

    private static void conclude(SaslExchange exchange, String first) {
        if (exchange.conclude() instanceof SaslStep.Complete) {
            Body.check(first.equals(HONEST), "a server was believed that does not know the password");
        }
        exchange.detail().ifPresent(detail -> Body.check(Body.isOneLine(detail), "a detail of several lines"));
    }

    private static PasswordCredential account() {
        return new PasswordCredential(
                "user", Secret.of("pencil"), new CredentialVersion("1"), Optional.empty(), Set.of());
    }
}
