// SPDX-License-Identifier: Apache-2.0
package org.postern.auth.login;

import java.util.Arrays;
import java.util.Optional;
import org.postern.spi.credential.Octets;
import org.postern.spi.sasl.SaslExchange;
import org.postern.spi.sasl.SaslStep;

/** Answers by position. The words of a prompt are not looked at: they come empty, translated and misspelt. */
final class LoginExchange implements SaslExchange {

    private final byte[] user;
    private final byte[] password;
    private int asked;

    /** Takes both over. */
    LoginExchange(byte[] user, byte[] password) {
        this.user = user;
        this.password = password;
    }

    @Override
    public Optional<Octets> initialResponse() {
        return Optional.empty();
    }

    @Override
    public SaslStep respond(Octets challenge) {
        asked++;
        return switch (asked) {
            case 1 -> new SaslStep.Respond(Octets.copyOf(user));
            case 2 -> new SaslStep.Respond(Octets.copyOf(password));
            default -> new SaslStep.Abort("the peer asked a third time, after user name and password");
        };
    }

    @Override
    public SaslStep conclude() {
        return asked == 2
                ? new SaslStep.Complete()
                : new SaslStep.Abort("the peer reported success without having asked for user name and password");
    }

    @Override
    public void close() {
        Arrays.fill(user, (byte) 0);
        Arrays.fill(password, (byte) 0);
    }
}
