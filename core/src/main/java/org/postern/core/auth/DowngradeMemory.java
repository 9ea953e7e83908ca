// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.postern.core.cluster.Cluster;
import org.postern.spi.credential.AuthIdentity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers, for each host and user, that a mechanism worked which shows no secret. A host that afterwards offers only
 * such as do show it is refused, until an operator agrees: whoever stands in between would ask for the secret in just this
 * way. Only what worked is remembered, not what was offered, so that nobody can plant a memory by a false offer and stop
 * the mail with it.
 *
 * <p>Survives restarts; a change is on disk a second later. Relays that share a queue know of one another what has worked, and
 * what operators agreed to; what a host offers is each one's own. Threading: safe for many threads.
 */
public final class DowngradeMemory {

    private static final Logger LOG = LoggerFactory.getLogger(DowngradeMemory.class);
    private static final int MOST = 10_000;

    private final Clock clock;
    private final Optional<DowngradeFile> file;
    private final ReentrantLock lock = new ReentrantLock();
    private final SharedDowngrades sharing;
    /** In the order of use, so that what has not been used for longest is forgotten first. */
    private final LinkedHashMap<Key, ProvenMechanism> proven = new LinkedHashMap<>(16, 0.75f, true);

    private boolean unsaved;
    private boolean agreed;
    private boolean complained;

    /** Without the credential's version: a new password is no reason to trust a host again. */
    private record Key(Endpoint endpoint, String user, String source) {

        static Key of(AuthIdentity identity, Endpoint endpoint) {
            return new Key(endpoint, identity.user(), identity.source());
        }

        static Key of(ProvenMechanism mechanism) {
            return new Key(mechanism.endpoint(), mechanism.user(), mechanism.source());
        }
    }

    /**
     * For one relay.
     *
     * @param file where it is kept; empty for a memory that ends with the process
     * @param cluster with whom it is shared
     */
    public DowngradeMemory(Clock clock, Optional<DowngradeFile> file, Cluster cluster) {
        this.clock = clock;
        this.file = file;
        this.sharing = new SharedDowngrades(cluster, clock, lock, this::heard);
        file.ifPresent(this::load);
        cluster.follow(SharedDowngrades.TOPIC, sharing);
    }

    private void load(DowngradeFile kept) {
        try {
            kept.read().forEach(one -> proven.put(Key.of(one), one));
            makeRoom();
            proven.values().forEach(sharing::worked);
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
            ProvenMechanism now = known == null
                    ? new ProvenMechanism(
                            endpoint,
                            identity.user(),
                            identity.source(),
                            mechanism.name(),
                            clock.instant(),
                            Optional.empty())
                    : known.with(mechanism.name());
            learn(key, now);
            makeRoom();
            sharing.worked(now);
        } finally {
            lock.unlock();
        }
    }

    private void learn(Key key, ProvenMechanism now) {
        unsaved |= !now.equals(proven.put(key, now));
    }

    private void heard(Set<Endpoint> accepted, Collection<ProvenMechanism> told) {
        Map<Key, ProvenMechanism> living =
                told.stream().collect(Collectors.toMap(Key::of, Function.identity(), (earlier, later) -> later));
        accepted.forEach(endpoint -> {
            if (proven.keySet().removeIf(key -> key.endpoint().equals(endpoint) && !living.containsKey(key))) {
                LOG.warn("an operator agreed at another relay that {} may be shown secrets again", endpoint);
                unsaved = true;
                agreed = true;
            }
        });
        living.forEach((key, one) -> {
            ProvenMechanism known = proven.get(key);
            learn(key, known == null ? one : known.asToldBy(one));
        });
        makeRoom();
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
        Key key = Key.of(known);
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
        file.ifPresent(kept -> carefully(() -> {
            forget(kept.takeConsents());
            save(kept);
        }));
        lock.lock();
        try {
            boolean any = agreed;
            agreed = false;
            return any;
        } finally {
            lock.unlock();
        }
    }

    /** For the end: leaves to whoever starts next what operators have agreed to and the other relays do not know yet. */
    public void close() {
        catchUp();
        file.ifPresent(kept -> carefully(() -> {
            for (Endpoint endpoint : untoldConsents()) {
                kept.accept(endpoint.host(), Optional.of(endpoint.port()));
            }
        }));
    }

    private List<Endpoint> untoldConsents() {
        lock.lock();
        try {
            return sharing.untoldConsents();
        } finally {
            lock.unlock();
        }
    }

    /** Something to do with the file. */
    private interface Keeping {
        void run() throws IOException;
    }

    private void carefully(Keeping work) {
        try {
            work.run();
            complained = false;
        } catch (IOException failed) {
            if (!complained) {
                LOG.error("what is known of the mechanisms of hosts cannot be kept: {}", failed.toString());
            }
            complained = true;
        }
    }

    private void forget(List<DowngradeFile.Consent> consents) {
        lock.lock();
        try {
            for (DowngradeFile.Consent consent : consents) {
                Set<Endpoint> meant = proven.keySet().stream()
                        .map(Key::endpoint)
                        .filter(consent::covers)
                        .collect(Collectors.toSet());
                boolean forgotten = proven.keySet().removeIf(key -> meant.contains(key.endpoint()));
                // Another relay may know more of it than this one.
                consent.port().ifPresent(port -> meant.add(new Endpoint(consent.host(), port)));
                LOG.warn(
                        "an operator agreed that {} may be shown secrets again{}",
                        consent.host(),
                        forgotten ? "" : "; nothing was known of it");
                unsaved |= forgotten;
                agreed |= forgotten;
                sharing.accepted(meant);
            }
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
