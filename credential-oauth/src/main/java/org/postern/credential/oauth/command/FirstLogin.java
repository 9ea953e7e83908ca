// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.oauth.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.postern.credential.oauth.KnownSecrets;
import org.postern.credential.oauth.NewAccount;
import org.postern.credential.oauth.protocol.HttpTransport;
import org.postern.credential.oauth.protocol.RequestPace;
import org.postern.credential.oauth.protocol.TokenRequests;
import org.postern.spi.credential.CredentialAccess;
import org.postern.spi.credential.Lookup;
import org.postern.spi.credential.Secret;
import org.postern.spi.text.Printable;

/** Logs a person in to an account that the configuration does not have, keeps what it brings, and prints the stanza. */
final class FirstLogin {

    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private final DeviceFlow flow;
    private final CredentialAccess stores;

    FirstLogin(DeviceFlow flow, CredentialAccess stores) {
        this.flow = flow;
        this.stores = stores;
    }

    int run(NewAccount account, Optional<String> secretFile, InputStream in, PrintStream out)
            throws IOException, InterruptedException {
        lookAtStores(account);
        try (KnownSecrets client = client(secretFile, in);
                Secret token = token(account, client, out)) {
            if (client.client().isPresent()) {
                Login.kept(
                        "the client secret",
                        stores.update(account.keepingClient(client.client().get())));
            }
            Login.kept("the refresh token", stores.update(account.keeping(token)));
        }
        out.println("The refresh token is kept under "
                + Printable.of(account.place().key()) + ". Add this to the configuration:");
        out.println();
        out.print(account.stanza());
        out.println();
        out.println("and name the account where mail is sent with it:");
        out.println();
        out.println(
                "  Outbound_SMTP_AUTH_Key = \"" + Printable.of(account.account().name()) + "\"");
        return 0;
    }

    /** Nobody should have to log in for a token that cannot be kept. */
    private void lookAtStores(NewAccount account) throws IOException, InterruptedException {
        switch (stores.lookup(account.place())) {
            case Lookup.Found found -> found.credential().close();
            case Lookup.NoSuchCredential none -> {}
            case Lookup.StoreUnavailable down ->
                throw new IOException("the refresh token could not be kept: " + down.reason());
        }
    }

    private static KnownSecrets client(Optional<String> file, InputStream in) throws IOException {
        Optional<Secret> secret =
                file.isPresent() ? Optional.of(ClientSecretInput.read(file.get(), in)) : Optional.empty();
        return new KnownSecrets(secret, Optional.empty(), Optional.empty(), "");
    }

    private Secret token(NewAccount account, KnownSecrets client, PrintStream out)
            throws IOException, InterruptedException {
        try (ExecutorService threads = Executors.newThreadPerTaskExecutor(
                        Thread.ofVirtual().name("postern-oauth-login-", 0).factory());
                HttpTransport transport = new HttpTransport(threads, DEADLINE);
                RequestPace pace = new RequestPace(System::nanoTime)) {
            TokenRequests requests = new TokenRequests(transport, pace, Clock.systemUTC());
            return flow.run(requests, account.account(), client, out);
        }
    }
}
