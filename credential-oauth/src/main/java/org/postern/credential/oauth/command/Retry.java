// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.oauth.command;

import java.io.IOException;
import java.io.PrintStream;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.postern.credential.oauth.ConfiguredAccounts;
import org.postern.spi.credential.BearerToken;
import org.postern.spi.credential.Credential;
import org.postern.spi.credential.Lookup;
import org.postern.spi.text.Printable;

/** Asks for a token now, and says what came of it. */
final class Retry {

    private Retry() {}

    static int run(ConfiguredAccounts accounts, String name, PrintStream out) throws IOException, InterruptedException {
        Optional<Lookup> answer = accounts.retry(name);
        return switch (answer.orElseThrow(() -> new IOException("the account has just gone"))) {
            case Lookup.Found found -> {
                try (Credential token = found.credential()) {
                    out.println("Account '" + Printable.of(name) + "' has a token for " + Printable.of(token.user())
                            + (token instanceof BearerToken bearer
                                            && bearer.expiry().isPresent()
                                    ? " until " + bearer.expiry().get().truncatedTo(ChronoUnit.SECONDS) + "."
                                    : "."));
                }
                yield 0;
            }
            case Lookup.NoSuchCredential none -> throw new IOException(none.reason());
            case Lookup.StoreUnavailable down -> throw new IOException(down.reason());
        };
    }
}
