// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.oauth.command;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.postern.credential.oauth.Account;
import org.postern.credential.oauth.KnownSecrets;
import org.postern.credential.oauth.protocol.DeviceLogin;
import org.postern.credential.oauth.protocol.TokenRequests;
import org.postern.spi.credential.Secret;
import org.postern.spi.text.Printable;

/** Has a person log in in a browser elsewhere (RFC 8628), and waits for the refresh token. */
final class DeviceFlow {

    private static final Duration SLOWER = Duration.ofSeconds(5);
    private static final Duration SLOWEST = Duration.ofMinutes(1);

    private final Waiting waiting;

    DeviceFlow(Waiting waiting) {
        this.waiting = waiting;
    }

    /** Waits, or lets a test say how. */
    interface Waiting {

        Waiting REAL = time -> new CountDownLatch(1).await(time.toMillis(), TimeUnit.MILLISECONDS);

        void pass(Duration time) throws InterruptedException;
    }

    /**
     * From the invitation to the token.
     *
     * @return the refresh token, which the caller closes
     * @throws IOException if there is none; the text says why
     */
    Secret run(TokenRequests requests, Account account, KnownSecrets client, PrintStream out)
            throws IOException, InterruptedException {
        DeviceLogin login = requests.beginLogin(account, client);
        invite(account, login, out);
        return awaited(requests, account, client, login);
    }

    private static void invite(Account account, DeviceLogin login, PrintStream out) {
        out.println("Open this address in a browser and log in as " + Printable.of(account.user()) + ":");
        out.println();
        out.println("    " + Printable.of(login.place().toString()));
        out.println("    code: " + login.userCode());
        out.println();
        out.println("Waiting for the login, at most " + Math.max(1, login.life().toMinutes()) + " min …");
        out.flush();
    }

    private Secret awaited(TokenRequests requests, Account account, KnownSecrets client, DeviceLogin login)
            throws IOException, InterruptedException {
        Duration interval = login.interval();
        Duration left = login.life();
        while (left.compareTo(interval) >= 0) {
            waiting.pass(interval);
            left = left.minus(interval);
            switch (requests.poll(account, login, client)) {
                case DeviceLogin.Poll.Done done -> {
                    return given(done.refreshToken());
                }
                case DeviceLogin.Poll.Refused refused -> throw new IOException(refused.reason());
                // Both as section 3.5 wants it: five seconds more for good, and doubled where nobody answers.
                case DeviceLogin.Poll.SlowDown slower -> interval = interval.plus(SLOWER);
                case DeviceLogin.Poll.Failed failed -> interval = longer(interval);
                case DeviceLogin.Poll.Pending pending -> {}
            }
        }
        throw new IOException("nobody logged in in time; nothing was changed");
    }

    private static Duration longer(Duration interval) {
        Duration doubled = interval.multipliedBy(2);
        return doubled.compareTo(SLOWEST) > 0 && interval.compareTo(SLOWEST) <= 0 ? SLOWEST : doubled;
    }

    private static Secret given(Optional<Secret> token) throws IOException {
        return token.orElseThrow(() -> new IOException(
                "the provider gave no refresh token: Scope has to ask for one, mostly with offline_access"));
    }
}
