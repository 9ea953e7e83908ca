// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
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
    private final FakeStores stores = new FakeStores().put(SECRET, "wrong");
    private final TokenLife life = new TokenLife(
            account(),
            source,
            new Surroundings(
                    stores,
                    new SecretWrapping(),
                    new TokenVersions(),
                    Clock.systemUTC(),
                    new Random(1),
                    threads,
                    Relays.none(),
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

    /** It may hold what was missing, and has no reason to call that a change. */
    @Test
    void looksAgainWhenAStoreHasCome() throws Exception {
        source.grants("token", Duration.ofHours(1));
        stores.put(SECRET, "right");
        changes.arrived(null);
        assertThat(life.lookup()).isInstanceOf(Lookup.Found.class);
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
