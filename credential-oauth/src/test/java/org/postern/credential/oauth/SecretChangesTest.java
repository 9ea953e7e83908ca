// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.oauth;

import java.time.Clock;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.postern.spi.credential.CredentialListener;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.Lookup;
import org.postern.spi.credential.SecretWrapping;
import org.postern.testkit.CredentialListenerContract;

/** What a store finds behind this listener: an account whose mail waits for the secret that is told of. */
class SecretChangesTest implements CredentialListenerContract {

    private static final String SECRET = "relay/client-secret";

    private final SecretChanges changes = new SecretChanges();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final FakeSource source = new FakeSource();
    private final TokenLife life = new TokenLife(
            account(),
            source,
            new Surroundings(
                    new FakeStores().put(SECRET, "wrong"),
                    new SecretWrapping(),
                    new TokenVersions(),
                    Clock.systemUTC(),
                    new Random(1),
                    threads,
                    ref -> {}));

    private static Account account() {
        return ((OAuthConfiguration.Described.Usable) OAuthConfiguration.read(Map.of(
                                "account", new String[] {"relay"},
                                "account/relay/token_endpoint", "https://id.example/token",
                                "account/relay/client_id", "client",
                                "account/relay/client_secret_key", SECRET,
                                "account/relay/grant", "client_credentials",
                                "account/relay/user", "relay@example.test"))
                        .get("relay"))
                .account();
    }

    @BeforeEach
    void waitForTheSecret() throws InterruptedException {
        source.refuses("invalid_client");
        if (!(life.lookup() instanceof Lookup.NoSuchCredential)) {
            throw new AssertionError("there is a token");
        }
        changes.add(life::secretChanged);
    }

    @AfterEach
    void close() {
        life.close();
        threads.shutdownNow();
    }

    @Override
    public CredentialListener listener() {
        return changes;
    }

    @Override
    public CredentialRef known() {
        return new CredentialRef(SECRET);
    }
}
