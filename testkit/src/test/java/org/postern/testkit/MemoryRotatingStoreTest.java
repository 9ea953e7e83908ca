// SPDX-License-Identifier: Apache-2.0
package org.postern.testkit;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.postern.spi.credential.Credential;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.Lookup;
import org.postern.spi.credential.PasswordCredential;
import org.postern.spi.credential.RotatingCredentialStore;
import org.postern.spi.credential.Secret;
import org.postern.spi.credential.UpdateResult;

class MemoryRotatingStoreTest implements RotatingCredentialStoreContract, RotatingCredentialStore {

    private record Entry(PasswordCredential present, Optional<PasswordCredential> coming) {}

    private final Map<String, Entry> entries = new ConcurrentHashMap<>();
    private final AtomicLong versions = new AtomicLong();

    @Override
    public RotatingCredentialStore store() {
        return this;
    }

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public Lookup lookup(CredentialRef ref) {
        Entry entry = entries.get(ref.key());
        return entry == null
                ? new Lookup.NoSuchCredential("memory has no such key")
                : new Lookup.Found(
                        MemoryWritableStoreTest.copy(entry.present()),
                        entry.coming().map(MemoryWritableStoreTest::copy).map(Credential.class::cast));
    }

    @Override
    public synchronized UpdateResult promote(CredentialRef ref, CredentialVersion next) {
        Entry entry = entries.get(ref.key());
        if (entry == null
                || entry.coming().filter(it -> it.version().equals(next)).isEmpty()) {
            return new UpdateResult.Superseded("another version is there");
        }
        entries.put(ref.key(), new Entry(entry.coming().get(), Optional.empty()));
        return new UpdateResult.Updated(next);
    }

    @Override
    public void put(String key, String user, String password) {
        entries.compute(key, (same, old) -> {
            boolean unchanged = old != null
                    && old.present().user().equals(user)
                    && old.present().password().equals(Secret.of(password));
            return unchanged ? old : new Entry(credential(user, password), Optional.empty());
        });
    }

    @Override
    public void putNext(String key, String password) {
        entries.computeIfPresent(
                key,
                (same, old) -> new Entry(
                        old.present(), Optional.of(credential(old.present().user(), password))));
    }

    @Override
    public void remove(String key) {
        entries.remove(key);
    }

    private PasswordCredential credential(String user, String password) {
        return MemoryCredentialStoreTest.credential(
                user, Secret.of(password), Long.toString(versions.incrementAndGet()));
    }

    @Override
    public String toString() {
        return "memory";
    }
}
