// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.postern.spi.credential.AuthIdentity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers, for each host and user, that a mechanism worked which shows no secret. A host that afterwards offers only
 * such as do show it is refused, until an operator agrees: whoever stands in between would ask for the secret in just this
 * way. Only what worked is remembered, not what was offered, so that nobody can plant a memory by a false offer and stop
 * the mail with it.
 *
 * <p>Survives restarts; a change is on disk a second later. Threading: safe for many threads.
 */
public final class DowngradeMemory {

    private static final Logger LOG = LoggerFactory.getLogger(DowngradeMemory.class);
    private static final int MOST = 10_000;

    private final Clock clock;
    private final Optional<DowngradeFile> file;
    private final ReentrantLock lock = new ReentrantLock();
    /** In the order of use, so that what has not been used for longest is forgotten first. */
    private final LinkedHashMap<Key, ProvenMechanism> proven = new LinkedHashMap<>(16, 0.75f, true);

    private boolean unsaved;
    private boolean complained;

    /** Without the credential's version: a new password is no reason to trust a host again. */
    private record Key(Endpoint endpoint, String user, String source) {

        static Key of(AuthIdentity identity, Endpoint endpoint) {
            return new Key(endpoint, identity.user(), identity.source());
        }
    }

    /** @param file where it is kept; empty for a memory that ends with the process */
    public DowngradeMemory(Clock clock, Optional<DowngradeFile> file) {
        this.clock = clock;
        this.file = file;
        file.ifPresent(this::load);
    }

    private void load(DowngradeFile kept) {
        try {
            kept.read().forEach(one -> proven.put(new Key(one.endpoint(), one.user(), one.source()), one));
            makeRoom();
        } catch (IOException unreadable) {
            LOG.error(
                    "what is known of the mechanisms of hosts cannot be read, so no downgrade is noticed: {}",
                    unreadable.toString());
        }
    }

    /** A login succeeded. */
    public void worked(AuthIdentity identity, Endpoint endpoint, InstalledMechanism mechanism) {
        if (mechanism.revealsSecret()) {
            return;
        }
        Key key = Key.of(identity, endpoint);
        lock.lock();
        try {
            ProvenMechanism known = proven.get(key);
            if (known != null && known.refusal().isEmpty() && known.mechanism().equals(mechanism.name())) {
                return;
            }
            proven.put(
                    key,
                    known == null
                            ? new ProvenMechanism(
                                    endpoint,
                                    identity.user(),
                                    identity.source(),
                                    mechanism.name(),
                                    clock.instant(),
                                    Optional.empty())
                            : known.with(mechanism.name()));
            unsaved = true;
            makeRoom();
        } finally {
            lock.unlock();
        }
    }

    /** What worked with this host for this user without showing the secret. */
    Optional<ProvenMechanism> find(AuthIdentity identity, Endpoint endpoint) {
        lock.lock();
        try {
            return Optional.ofNullable(proven.get(Key.of(identity, endpoint)));
        } finally {
            lock.unlock();
        }
    }

    /** The host has offered too little and was refused: to be shown to an operator. The first time it is logged. */
    public void refused(ProvenMechanism known, String offered, String reason) {
        Key key = new Key(known.endpoint(), known.user(), known.source());
        lock.lock();
        try {
            ProvenMechanism current = proven.get(key);
            if (current == null
                    || current.refusal().map(ProvenMechanism.Refusal::offered).equals(Optional.of(offered))) {
                return;
            }
            if (current.refusal().isEmpty()) {
                LOG.warn("{}", reason);
            }
            proven.put(key, current.refused(clock.instant(), offered));
            unsaved = true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes up what operators have agreed to, and writes what has changed. To be called every second or so.
     *
     * @return whether a host may now be tried that was refused before
     */
    public boolean catchUp() {
        if (file.isEmpty()) {
            return false;
        }
        try {
            boolean agreed = forget(file.get().takeConsents());
            save(file.get());
            complained = false;
            return agreed;
        } catch (IOException failed) {
            if (!complained) {
                LOG.error("what is known of the mechanisms of hosts cannot be kept: {}", failed.toString());
            }
            complained = true;
            return false;
        }
    }

    private boolean forget(List<DowngradeFile.Consent> consents) {
        lock.lock();
        try {
            boolean any = false;
            for (DowngradeFile.Consent consent : consents) {
                boolean forgotten = proven.keySet().removeIf(key -> consent.covers(key.endpoint()));
                LOG.warn(
                        "an operator agreed that {} may be shown secrets again{}",
                        consent.host(),
                        forgotten ? "" : "; nothing was known of it");
                any |= forgotten;
            }
            unsaved |= any;
            return any;
        } finally {
            lock.unlock();
        }
    }

    private void save(DowngradeFile target) throws IOException {
        List<ProvenMechanism> all;
        lock.lock();
        try {
            if (!unsaved) {
                return;
            }
            all = new ArrayList<>(proven.values());
            unsaved = false;
        } finally {
            lock.unlock();
        }
        try {
            target.write(all);
        } catch (IOException failed) {
            again();
            throw failed;
        }
    }

    private void again() {
        lock.lock();
        try {
            unsaved = true;
        } finally {
            lock.unlock();
        }
    }

    private void makeRoom() {
        while (proven.size() > MOST) {
            proven.remove(proven.keySet().iterator().next());
        }
    }
}
