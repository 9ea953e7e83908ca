// SPDX-License-Identifier: Apache-2.0
package org.postern.testkit;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.CredentialUpdate;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.Lookup;
import org.postern.spi.credential.PasswordCredential;
import org.postern.spi.credential.Secret;
import org.postern.spi.credential.UpdateResult;
import org.postern.spi.credential.WritableCredentialStore;

class MemoryWritableStoreTest implements WritableCredentialStoreContract {

    final Map<String, PasswordCredential> entries = new ConcurrentHashMap<>();
    final AtomicLong versions = new AtomicLong();

    @Override
    public WritableCredentialStore store() {
        return new WritableCredentialStore() {
            @Override
            public String name() {
                return "memory";
            }

            @Override
            public Lookup lookup(CredentialRef ref) {
                PasswordCredential held = entries.get(ref.key());
                return held == null
                        ? new Lookup.NoSuchCredential("memory has no such key")
                        : new Lookup.Found(copy(held));
            }

            @Override
            public UpdateResult update(CredentialUpdate update) {
                return written(update);
            }
        };
    }

    synchronized UpdateResult written(CredentialUpdate update) {
        PasswordCredential held = entries.get(update.ref().key());
        Optional<CredentialVersion> version = Optional.ofNullable(held).map(PasswordCredential::version);
        if (update.expected().isPresent() && !update.expected().equals(version)) {
            return new UpdateResult.Superseded("another version is there");
        }
        boolean same = held != null && held.password().equals(update.secret());
        CredentialVersion next = same ? held.version() : new CredentialVersion("" + versions.incrementAndGet());
        entries.put(
                update.ref().key(),
                new PasswordCredential(
                        update.user(), update.secret().copy(), next, Optional.empty(), update.allowedHosts()));
        return new UpdateResult.Updated(next);
    }

    static PasswordCredential copy(PasswordCredential held) {
        return new PasswordCredential(
                held.user(), held.password().copy(), held.version(), Optional.empty(), held.allowedHosts());
    }

    static String textOf(Secret secret) {
        return secret.reveal(octets -> new String(octets, StandardCharsets.UTF_8));
    }

    @Override
    public void put(String key, String user, String password) {
        entries.compute(key, (ignored, old) -> {
            boolean same =
                    old != null && old.user().equals(user) && old.password().equals(Secret.of(password));
            return same
                    ? old
                    : MemoryCredentialStoreTest.credential(
                            user, Secret.of(password), Long.toString(versions.incrementAndGet()));
        });
    }

    @Override
    public void remove(String key) {
        entries.remove(key);
    }
}
