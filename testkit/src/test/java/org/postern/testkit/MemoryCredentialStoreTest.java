// SPDX-License-Identifier: Apache-2.0
package org.postern.testkit;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.CredentialStore;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.Lookup;
import org.postern.spi.credential.PasswordCredential;
import org.postern.spi.credential.Secret;

class MemoryCredentialStoreTest implements CredentialStoreContract {

    final Map<String, PasswordCredential> entries = new ConcurrentHashMap<>();
    final AtomicLong versions = new AtomicLong();

    @Override
    public CredentialStore store() {
        return new MemoryStore();
    }

    @Override
    public void put(String key, String user, String password) {
        entries.compute(key, (ignored, old) -> {
            Secret secret = Secret.of(password);
            boolean same =
                    old != null && old.user().equals(user) && old.password().equals(secret);
            return same ? old : credential(user, secret, Long.toString(versions.incrementAndGet()));
        });
    }

    static PasswordCredential credential(String user, Secret secret, String version) {
        return new PasswordCredential(user, secret, new CredentialVersion(version), Optional.empty(), Set.of());
    }

    @Override
    public void remove(String key) {
        entries.remove(key);
    }

    @Override
    public Optional<CredentialStore> unavailableStore() {
        return Optional.of(new MemoryStore() {
            @Override
            public Lookup lookup(CredentialRef ref) {
                return new Lookup.StoreUnavailable("sealed; open it with the key");
            }
        });
    }

    class MemoryStore implements CredentialStore {

        @Override
        public String name() {
            return "memory";
        }

        @Override
        public Lookup lookup(CredentialRef ref) throws InterruptedException {
            PasswordCredential held = entries.get(ref.key());
            return held == null
                    ? new Lookup.NoSuchCredential("memory has no such key")
                    : new Lookup.Found(credential(
                            held.user(), held.password().copy(), held.version().value()));
        }
    }
}
