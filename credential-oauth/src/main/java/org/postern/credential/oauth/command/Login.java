// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.oauth.command;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.postern.credential.oauth.Account;
import org.postern.credential.oauth.Account.Grant;
import org.postern.credential.oauth.ConfiguredAccounts;
import org.postern.credential.oauth.KnownSecrets;
import org.postern.credential.oauth.Printable;
import org.postern.credential.oauth.protocol.DeviceLogin;
import org.postern.spi.credential.Secret;
import org.postern.spi.credential.UpdateResult;

/** Logs a person in by the device flow (RFC 8628), and keeps the refresh token. */
final class Login {

    private static final Duration SLOWER = Duration.ofSeconds(5);

    private final Waiting waiting;

    Login(Waiting waiting) {
        this.waiting = waiting;
    }

    /** Waits, or lets a test say how. */
    interface Waiting {

        Waiting REAL = time -> new CountDownLatch(1).await(time.toMillis(), TimeUnit.MILLISECONDS);

        void pass(Duration time) throws InterruptedException;
    }

    int run(ConfiguredAccounts accounts, Account account, PrintStream out) throws IOException, InterruptedException {
        if (!(account.grant() instanceof Grant.RefreshToken)) {
            throw new IOException(
                    "account '" + Printable.of(account.name()) + "' needs no login: its Grant is not refresh_token");
        }
        try (KnownSecrets client = accounts.clientSecrets(account)) {
            DeviceLogin login = accounts.requests().beginLogin(account, client);
            invite(account, login, out);
            try (Secret token = awaited(accounts, account, login, client)) {
                keep(accounts, account, token);
            }
        }
        out.println("The refresh token is kept.");
        return Retry.run(accounts, account.name(), out);
    }

    private static void invite(Account account, DeviceLogin login, PrintStream out) {
        out.println("Open this address in a browser and log in as " + Printable.of(account.user()) + ":");
        out.println();
        out.println("    " + Printable.of(login.place().toString()));
        out.println("    code: " + login.userCode());
        out.println();
        out.println("Waiting for the login, at most " + login.life().toMinutes() + " min …");
        out.flush();
    }

    private Secret awaited(ConfiguredAccounts accounts, Account account, DeviceLogin login, KnownSecrets client)
            throws IOException, InterruptedException {
        Duration interval = login.interval();
        Duration waited = Duration.ZERO;
        while (waited.compareTo(login.life()) < 0) {
            waiting.pass(interval);
            waited = waited.plus(interval);
            switch (accounts.requests().poll(account, login, client)) {
                case DeviceLogin.Poll.Done done -> {
                    return given(done.refreshToken());
                }
                case DeviceLogin.Poll.Refused refused -> throw new IOException(refused.reason());
                // Section 3.5 wants five seconds more, and a provider out of reach is better off with them too.
                case DeviceLogin.Poll.SlowDown slower -> interval = interval.plus(SLOWER);
                case DeviceLogin.Poll.Failed failed -> interval = interval.plus(SLOWER);
                case DeviceLogin.Poll.Pending pending -> {}
            }
        }
        throw new IOException("nobody logged in in time; nothing was changed");
    }

    private static Secret given(Optional<Secret> token) throws IOException {
        return token.orElseThrow(
                () -> new IOException(
                        "the provider gave no refresh token: the account's Scope has to ask for one, mostly with offline_access"));
    }

    private static void keep(ConfiguredAccounts accounts, Account account, Secret token)
            throws IOException, InterruptedException {
        switch (accounts.keep(account, token)) {
            case UpdateResult.Updated updated -> {}
            case UpdateResult.Superseded other -> throw new IOException(other.reason());
            case UpdateResult.NotUpdated not ->
                throw new IOException("the refresh token cannot be kept: " + not.reason());
        }
    }
}
