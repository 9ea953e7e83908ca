// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.postern.spi.credential.Credential;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.CredentialStore;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.Lookup;

/** A store that counts, and waits where it is told to. */
final class FakeStore implements CredentialStore {

    final AtomicInteger calls = new AtomicInteger();
    final AtomicInteger interrupted = new AtomicInteger();
    final List<CredentialVersion> refused = new CopyOnWriteArrayList<>();
    final Map<String, Credential> entries = new ConcurrentHashMap<>();
    volatile CountDownLatch gate = new CountDownLatch(0);

    private final String name;

    FakeStore(String name) {
        this.name = name;
    }

    FakeStore holds(String key, Credential credential) {
        entries.put(key, credential);
        return this;
    }

    @Override
    public Lookup lookupAnew(CredentialRef ref, CredentialVersion version) throws InterruptedException {
        refused.add(version);
        return lookup(ref);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Lookup lookup(CredentialRef ref) throws InterruptedException {
        calls.incrementAndGet();
        try {
            gate.await();
        } catch (InterruptedException hurried) {
            interrupted.incrementAndGet();
            throw hurried;
        }
        Credential entry = entries.get(ref.key());
        return entry == null
                ? new Lookup.NoSuchCredential("no entry '" + ref.key() + "'")
                : new Lookup.Found(CredentialCopy.of(entry));
    }
}
