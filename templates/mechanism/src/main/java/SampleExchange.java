// SPDX-License-Identifier: Apache-2.0
package org.example.sample;

import java.security.GeneralSecurityException;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.postern.spi.credential.Octets;
import org.postern.spi.credential.PasswordCredential;
import org.postern.spi.sasl.SaslExchange;
import org.postern.spi.sasl.SaslStep;

/** One authentication, for one thread: the user, a challenge, its answer. */
final class SampleExchange implements SaslExchange {

    private static final String ALGORITHM = "HmacSHA256";

    private final PasswordCredential account;
    private boolean answered;

    /** The credential stays the engine's; it is whole until this exchange is closed. */
    SampleExchange(PasswordCredential account) {
        this.account = account;
    }

    /** What goes with the AUTH command; {@code Optional.empty()} where the server speaks first. */
    @Override
    public Optional<Octets> initialResponse() {
        return Optional.of(Octets.utf8(account.user()));
    }

    /** The challenge comes decoded, and the response is encoded by the engine. */
    @Override
    public SaslStep respond(Octets challenge) {
        if (answered) {
            return new SaslStep.Abort("the peer asked a second time");
        }
        if (challenge.length() == 0) {
            return new SaslStep.Abort("the peer's challenge is empty");
        }
        answered = true;
        return new SaslStep.Respond(account.password().reveal(password -> proof(password, challenge)));
    }

    private static Octets proof(byte[] password, Octets challenge) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(password, ALGORITHM));
            return Octets.wrap(mac.doFinal(challenge.toByteArray()));
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every Java runtime has " + ALGORITHM, missing);
        }
    }

    /** Wipe here what you have made of the secret. This exchange keeps nothing of it. */
    @Override
    public void close() {}
}
