// SPDX-License-Identifier: Apache-2.0
package org.postern.peer;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** LOGIN: asks for the user, then for the password. */
final class LoginServer implements ServerMechanism {

    @Override
    public String name() {
        return "LOGIN";
    }

    @Override
    public Exchange begin(Accounts accounts) {
        return new Run(accounts);
    }

    private static final class Run implements Exchange {

        private final Accounts accounts;
        private String user;

        Run(Accounts accounts) {
            this.accounts = accounts;
        }

        @Override
        public Verdict next(Optional<byte[]> response) {
            if (response.isEmpty()) {
                return ask("Username:");
            }
            if (user == null) {
                user = new String(response.get(), StandardCharsets.UTF_8);
                return ask("Password:");
            }
            return accounts.matches(user, response.get())
                    ? new Verdict.Granted(user)
                    : new Verdict.Denied("535 5.7.8 authentication failed");
        }

        private static Verdict ask(String prompt) {
            return new Verdict.Challenge(prompt.getBytes(StandardCharsets.US_ASCII));
        }
    }
}
