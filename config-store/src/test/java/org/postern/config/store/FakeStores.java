// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.postern.config.store.meaning.Loaded;
import org.postern.spi.credential.BearerToken;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.CredentialStore;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.Lookup;
import org.postern.spi.credential.Secret;

/** Stores in the order given. */
record FakeStores(List<CredentialStore> stores) implements CredentialStores {

    /** Nothing here waits for it but what shall. */
    static final Duration DEADLINE = Duration.ofMinutes(1);

    static final Instant EXPIRY = Instant.parse("2030-01-02T03:04:05Z");

    static FakeStores none() {
        return new FakeStores(List.of());
    }

    static FakeStores of(CredentialStore... stores) {
        return new FakeStores(List.of(stores));
    }

    /** Answers. */
    interface Answers {
        Lookup to(CredentialRef ref) throws InterruptedException;
    }

    static CredentialStore store(String name, Answers answers) {
        return new CredentialStore() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Lookup lookup(CredentialRef ref) throws InterruptedException {
                return answers.to(ref);
            }
        };
    }

    static Secret secret() {
        return Secret.copyOf("s3cret".getBytes(StandardCharsets.UTF_8));
    }

    static Lookup found(String user, Secret secret) {
        return new Lookup.Found(
                new BearerToken(user, secret, new CredentialVersion("7"), Optional.of(EXPIRY), Set.of()));
    }

    @Override
    public boolean anyWith(Loaded loaded) {
        return !stores.isEmpty();
    }

    @Override
    public <R> R use(Use<R> use) throws InterruptedException {
        return use.of(stores);
    }
}
