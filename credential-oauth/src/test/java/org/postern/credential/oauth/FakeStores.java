// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.oauth;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.postern.spi.credential.CredentialAccess;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.CredentialUpdate;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.Lookup;
import org.postern.spi.credential.PasswordCredential;
import org.postern.spi.credential.Secret;
import org.postern.spi.credential.UpdateResult;

/** The other stores, as far as an account needs them. */
public final class FakeStores implements CredentialAccess {

    /** What was written, in order: key and text. */
    public final List<String> written = new CopyOnWriteArrayList<>();
    /** The hosts that go with it. */
    public final List<Set<String>> hosts = new CopyOnWriteArrayList<>();

    final AtomicInteger reads = new AtomicInteger();
    final List<Runnable> onUpdate = new ArrayList<>();
    volatile Set<String> onlyFor = Set.of();
    volatile Optional<String> sealed = Optional.empty();
    volatile Optional<String> readOnly = Optional.empty();

    private final Map<String, Entry> entries = new ConcurrentHashMap<>();
    private final AtomicInteger versions = new AtomicInteger();

    private record Entry(String secret, CredentialVersion version) {}

    /** Puts a secret under a key. */
    public FakeStores put(String key, String secret) {
        entries.put(key, new Entry(secret, new CredentialVersion("v" + versions.incrementAndGet())));
        return this;
    }

    /** Answers nothing any more, for this reason. */
    public void sealed(String reason) {
        sealed = Optional.of(reason);
    }

    /** Takes nothing any more, for this reason. */
    public void readOnly(String reason) {
        readOnly = Optional.of(reason);
    }

    /** What is under a key. */
    public String secretAt(String key) {
        return entries.get(key).secret();
    }

    @Override
    public Lookup lookup(CredentialRef ref) {
        reads.incrementAndGet();
        if (sealed.isPresent()) {
            return new Lookup.StoreUnavailable(sealed.get());
        }
        Entry entry = entries.get(ref.key());
        return entry == null
                ? new Lookup.NoSuchCredential("the vault has no entry \"" + ref.key() + "\"")
                : new Lookup.Found(new PasswordCredential(
                        "user", Secret.of(entry.secret()), entry.version(), Optional.empty(), onlyFor));
    }

    @Override
    public UpdateResult update(CredentialUpdate update) {
        if (readOnly.isPresent()) {
            return new UpdateResult.NotUpdated(readOnly.get());
        }
        Optional<CredentialVersion> held =
                Optional.ofNullable(entries.get(update.ref().key())).map(Entry::version);
        if (update.expected().isPresent() && !update.expected().equals(held)) {
            return new UpdateResult.Superseded("it was changed by another in the meantime");
        }
        onUpdate.forEach(Runnable::run);
        String text = update.secret().reveal(octets -> new String(octets, StandardCharsets.UTF_8));
        put(update.ref().key(), text);
        written.add(update.ref().key() + "=" + text);
        hosts.add(update.allowedHosts());
        return new UpdateResult.Updated(entries.get(update.ref().key()).version());
    }
}
