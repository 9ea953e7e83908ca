// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.oauth.command;

import java.io.IOException;
import java.io.PrintStream;
import org.postern.credential.oauth.Account;
import org.postern.credential.oauth.Account.Grant;
import org.postern.credential.oauth.ConfiguredAccounts;
import org.postern.credential.oauth.KnownSecrets;
import org.postern.spi.credential.Secret;
import org.postern.spi.credential.UpdateResult;
import org.postern.spi.text.Printable;

/** Logs a person in to an account of the configuration. */
final class Login {

    private final DeviceFlow flow;

    Login(DeviceFlow flow) {
        this.flow = flow;
    }

    int run(ConfiguredAccounts accounts, Account account, PrintStream out) throws IOException, InterruptedException {
        if (!(account.grant() instanceof Grant.RefreshToken)) {
            throw new IOException(
                    "account '" + Printable.of(account.name()) + "' needs no login: its Grant is not refresh_token");
        }
        try (KnownSecrets client = accounts.clientSecrets(account);
                Secret token = flow.run(accounts.requests(), account, client, out)) {
            kept("the refresh token", accounts.keep(account, token));
        }
        out.println("The refresh token is kept.");
        return Retry.run(accounts, account.name(), out);
    }

    /** @throws IOException if it is not kept; the text says why */
    static void kept(String what, UpdateResult result) throws IOException {
        switch (result) {
            case UpdateResult.Updated updated -> {}
            case UpdateResult.Superseded other -> throw new IOException(other.reason());
            case UpdateResult.NotUpdated not -> throw new IOException(what + " cannot be kept: " + not.reason());
        }
    }
}
