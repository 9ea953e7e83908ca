// SPDX-License-Identifier: Apache-2.0
package org.postern.auth.login;

import java.util.Optional;
import org.postern.spi.credential.Octets;
import org.postern.spi.sasl.SaslExchange;
import org.postern.spi.sasl.SaslStep;

/** Answers by position. The words of a prompt are not looked at: they come empty, translated and misspelt. */
final class LoginExchange implements SaslExchange {

    private final Octets user;
    private final Octets password;
    private int asked;

    /** Takes both over. */
    LoginExchange(Octets user, Octets password) {
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
            case 1 -> new SaslStep.Respond(user);
            case 2 -> new SaslStep.Respond(password);
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
        user.wipe();
        password.wipe();
    }
}
