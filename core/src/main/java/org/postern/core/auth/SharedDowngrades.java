// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.postern.core.auth.DowngradeRegister.Accepted;
import org.postern.core.auth.DowngradeRegister.Proven;
import org.postern.core.cluster.Cluster;
import org.postern.spi.cluster.Put;
import org.postern.spi.cluster.Register;
import org.postern.spi.cluster.SharedRegisters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes what one relay knows of downgrades hold for all. What is new here is told at the next look; what others tell is
 * taken up by a whole look at once, so that a mechanism which has worked again after a consent is not forgotten for even a
 * moment.
 *
 * <p>Where a login and a consent on two relays cross, the consent wins: if the host is as it was, the next login tells.
 *
 * <p>Threading: safe for many threads; the lock of the owner is not held while the storage is asked.
 */
final class SharedDowngrades implements Cluster.Follower {

    static final String TOPIC = "downgrade";

    private static final Logger LOG = LoggerFactory.getLogger(SharedDowngrades.class);

    private static final int MOST = 10_000;
    /** Whoever joins with a long memory leaves others of this relay time to look. */
    private static final int MOST_PER_LOOK = 100;

    private static final Duration LIFE = Duration.ofDays(400);
    /** A login puts again what was put longer ago. */
    private static final Duration FRESH = Duration.ofDays(40);
    /** For as long a mechanism stands beside which another works: relays with different bundles would never end. */
    private static final Duration TURN = Duration.ofHours(1);

    private final Cluster cluster;
    private final Clock clock;
    private final ReentrantLock lock;
    private final Owner owner;
    private final Map<Endpoint, Instant> consents = new HashMap<>();
    private final Map<String, Told> told = new LinkedHashMap<>();
    private final Map<String, DowngradeRegister> untold = new LinkedHashMap<>();
    private List<DowngradeRegister> news = new ArrayList<>();
    private boolean complained;

    /** Whose memory it is. */
    interface Owner {

        /**
         * Takes up what others know. Called with the lock held.
         *
         * @param accepted hosts of which nothing holds that was known before
         * @param proven what has worked, with those hosts too
         */
        void heard(Set<Endpoint> accepted, Collection<ProvenMechanism> proven);
    }

    /** A register as it was heard or put last; nothing is known of what it says if that cannot be read. */
    private record Told(Optional<DowngradeRegister> says, long revision, Instant at) {}

    /** @param lock of the owner */
    SharedDowngrades(Cluster cluster, Clock clock, ReentrantLock lock, Owner owner) {
        this.cluster = cluster;
        this.clock = clock;
        this.lock = lock;
        this.owner = owner;
    }

    /** A mechanism has worked here, for the first time or again. With the lock held. */
    void worked(ProvenMechanism mechanism) {
        if (!cluster.isShared()) {
            return;
        }
        Proven mine = new Proven(mechanism, consent(mechanism.endpoint()));
        if (untold.size() < MOST && isNew(mine)) {
            untold.put(mine.name(), mine);
        }
    }

    /** An operator has agreed here. With the lock held. */
    void accepted(Set<Endpoint> endpoints) {
        if (!cluster.isShared()) {
            return;
        }
        for (Endpoint endpoint : endpoints) {
            Instant now = cluster.now();
            Instant next = consent(endpoint).plusMillis(1);
            Accepted mine = new Accepted(endpoint, now.isAfter(next) ? now : next);
            agree(mine);
            untold.put(mine.name(), mine);
        }
    }

    /** Consents of which the others may not know. With the lock held. */
    List<Endpoint> untoldConsents() {
        return untold.values().stream()
                .filter(Accepted.class::isInstance)
                .map(DowngradeRegister::endpoint)
                .toList();
    }

    private Instant consent(Endpoint endpoint) {
        return consents.getOrDefault(endpoint, Instant.EPOCH);
    }

    /** Whether this tells of a consent that was not known here. */
    private boolean agree(DowngradeRegister says) {
        if (!says.consent().isAfter(consent(says.endpoint()))) {
            return false;
        }
        consents.put(says.endpoint(), says.consent());
        untold.values().removeIf(mine -> mine.endpoint().equals(says.endpoint()));
        return true;
    }

    private boolean isNew(DowngradeRegister mine) {
        Told before = told.get(mine.name());
        if (before == null || before.says().isEmpty()) {
            return true;
        }
        DowngradeRegister says = before.says().get();
        int order = mine.consent().compareTo(says.consent());
        if (order != 0) {
            return order > 0;
        }
        return mine instanceof Proven proven
                && before.at().plus(isSame(proven, says) ? FRESH : TURN).isBefore(clock.instant());
    }

    private static boolean isSame(Proven mine, DowngradeRegister says) {
        return says instanceof Proven theirs
                && theirs.mechanism().mechanism().equals(mine.mechanism().mechanism());
    }

    @Override
    public void heard(Register register) {
        lock.lock();
        try {
            note(register).ifPresent(news::add);
        } finally {
            lock.unlock();
        }
    }

    private Optional<DowngradeRegister> note(Register register) {
        Optional<DowngradeRegister> says = DowngradeRegister.read(register.value());
        if (says.isEmpty() && !complained) {
            LOG.warn("what another relay knows of the mechanisms of a host cannot be read and is left out");
            complained = true;
        }
        note(
                register.name(),
                new Told(says, register.revision(), clock.instant().minus(register.age())));
        return says;
    }

    private void note(String name, Told now) {
        told.remove(name);
        told.put(name, now);
        if (told.size() > MOST) {
            told.remove(told.keySet().iterator().next());
        }
    }

    @Override
    public void caughtUp() {
        takeUp();
        for (DowngradeRegister mine : portion()) {
            Optional<Put> put = cluster.put(TOPIC, mine.name(), mine.value(), expected(mine), LIFE);
            if (put.isEmpty()) {
                return;
            }
            settle(mine, put.get());
        }
    }

    private void takeUp() {
        lock.lock();
        try {
            if (news.isEmpty()) {
                return;
            }
            List<DowngradeRegister> heard = news;
            news = new ArrayList<>();
            Set<Endpoint> accepted = new HashSet<>();
            for (DowngradeRegister says : heard) {
                if (agree(says)) {
                    accepted.add(says.endpoint());
                }
            }
            List<ProvenMechanism> proven = new ArrayList<>();
            for (DowngradeRegister says : heard) {
                if (says instanceof Proven one && one.consent().equals(consent(one.endpoint()))) {
                    proven.add(one.mechanism());
                }
            }
            owner.heard(accepted, proven);
        } finally {
            lock.unlock();
        }
    }

    /** Consents before all, since mail waits for them. */
    private List<DowngradeRegister> portion() {
        lock.lock();
        try {
            untold.values().removeIf(mine -> !isNew(mine) || mine.value().length > SharedRegisters.LONGEST_VALUE);
            return untold.values().stream()
                    .sorted(Comparator.comparing(Proven.class::isInstance))
                    .limit(MOST_PER_LOOK)
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    private long expected(DowngradeRegister mine) {
        lock.lock();
        try {
            return Optional.ofNullable(told.get(mine.name()))
                    .map(Told::revision)
                    .orElse(SharedRegisters.ABSENT);
        } finally {
            lock.unlock();
        }
    }

    /** Who was beaten looks again: it will be told what was there, and whether its own is new beside that. */
    private void settle(DowngradeRegister mine, Put put) {
        lock.lock();
        try {
            switch (put) {
                case Put.Held held -> {
                    note(mine.name(), new Told(Optional.of(mine), held.revision(), clock.instant()));
                    untold.remove(mine.name(), mine);
                }
                case Put.Beaten beaten -> beaten.by().ifPresentOrElse(this::note, () -> told.remove(mine.name()));
            }
        } finally {
            lock.unlock();
        }
    }
}
