// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.postern.spi.credential.Credential;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.CredentialStore;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.Lookup;
import org.postern.spi.credential.LookupAttribute;

/** A store that counts, and waits where it is told to. */
final class FakeStore implements CredentialStore {

    final AtomicInteger calls = new AtomicInteger();
    final AtomicInteger interrupted = new AtomicInteger();
    final List<CredentialRef> asked = new CopyOnWriteArrayList<>();
    final List<CredentialVersion> refused = new CopyOnWriteArrayList<>();
    final Map<String, Credential> entries = new ConcurrentHashMap<>();
    final Map<String, Credential> coming = new ConcurrentHashMap<>();
    volatile Set<LookupAttribute> attributes = Set.of();
    volatile boolean sealed;
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
    public Set<LookupAttribute> attributes() {
        return attributes;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Lookup lookup(CredentialRef ref) throws InterruptedException {
        calls.incrementAndGet();
        asked.add(ref);
        try {
            gate.await();
        } catch (InterruptedException hurried) {
            interrupted.incrementAndGet();
            throw hurried;
        }
        if (sealed) {
            return new Lookup.StoreUnavailable("is sealed");
        }
        Credential entry = entries.get(ref.key());
        return entry == null
                ? new Lookup.NoSuchCredential("no entry '" + ref.key() + "'")
                : new Lookup.Found(
                        CredentialCopy.of(entry),
                        Optional.ofNullable(coming.get(ref.key())).map(CredentialCopy::of));
    }
}
