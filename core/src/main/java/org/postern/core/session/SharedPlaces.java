// SPDX-License-Identifier: Apache-2.0
package org.postern.core.session;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.postern.core.cluster.Cluster;
import org.postern.core.cluster.Relays;
import org.postern.spi.cluster.Put;
import org.postern.spi.cluster.Register;
import org.postern.spi.cluster.SharedRegisters;

/**
 * Divides what may be open at once among relays that share a queue. Each has a share of every limit that it uses for as long as
 * it lives, takes more in portions, and gives back what it does not need. One that wants more says so; then who has more than is
 * fair gives some up, and who has the only one passes it on after a while.
 *
 * <p>Threading: safe for many threads; no lock is held while the storage is asked, but for one per limit.
 */
final class SharedPlaces implements Cluster.Follower {

    static final String TOPIC = "places";

    private static final Duration LIFE = Duration.ofDays(2);
    private static final Duration RENEWED = Duration.ofDays(1);
    private static final Duration WISH = Duration.ofSeconds(10);
    private static final Duration WISH_RENEWED = Duration.ofSeconds(5);
    /** How long a relay may keep what is too little for all who want some. */
    private static final Duration TURN = Duration.ofSeconds(30);
    /** How long what nobody uses is kept, for whoever comes next. */
    private static final Duration KEPT = Duration.ofSeconds(5);

    /** What else the thread has to do, such as to say that this relay lives, must not wait for long. */
    private static final int MOST_PER_LOOK = 200;

    private static final int ATTEMPTS = 20;
    private static final int PORTIONS = 16;

    private final Cluster cluster;
    private final Pool pool;
    private final Relays relays;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Share> shares = new HashMap<>();

    /** Whose places are divided. */
    interface Pool {

        /** How many sessions may serve another message, by the keys of the limits that they are under. */
        Map<Object, Long> sessions();

        /** All sessions under a limit, and places for such as are about to be. */
        long taken(Object key);

        /** Lets so many of them serve no other message. */
        void retire(Object key, long count);

        /** Lets those of them that have nothing to do serve no other message. */
        void retireIdle(Object key);

        /** There may be more room under a limit. */
        void room(Object key);
    }

    /** What is known of one limit. Guarded by the lock. */
    private static final class Share {

        final ReentrantLock asking = new ReentrantLock();
        final String name;
        final Object key;
        long most;
        long revision = SharedRegisters.ABSENT;
        Instant known = Instant.MIN;
        Shares shares = Shares.NONE;
        /** Since when this relay has had any. */
        Instant begun = Instant.MIN;

        Instant usedAt = Instant.MIN;

        Share(String name, Object key) {
            this.name = name;
            this.key = key;
        }
    }

    SharedPlaces(Cluster cluster, Relays relays, Pool pool) {
        this.cluster = cluster;
        this.pool = pool;
        this.relays = relays;
        cluster.follow(TOPIC, this);
    }

    /**
     * How many sessions this relay may have open under a limit, at most. Asks the others for more if it has to.
     *
     * @param wanted how many it wants to have
     */
    long granted(SessionLimit limit, long wanted) {
        if (limit.name().isEmpty() || !cluster.isShared()) {
            return limit.most();
        }
        Share share = share(limit);
        long may = may(share);
        return may >= wanted ? may : ask(share, wanted);
    }

    private Share share(SessionLimit limit) {
        lock.lock();
        try {
            Share share = shares.computeIfAbsent(limit.name().orElseThrow(), name -> new Share(name, limit.key()));
            share.most = limit.most();
            share.usedAt = cluster.now();
            return share;
        } finally {
            lock.unlock();
        }
    }

    /** How many sessions this relay may have. */
    private long may(Share share) {
        lock.lock();
        try {
            Instant now = cluster.now();
            return Math.min(has(share), fair(share, now));
        } finally {
            lock.unlock();
        }
    }

    private Shares living(Share share) {
        return share.shares.among(relays::isAlive);
    }

    private long has(Share share) {
        return living(share).heldBy(relays.own());
    }

    private long free(Share share) {
        return relays.isAlive(relays.own())
                ? Math.max(0, share.most - living(share).heldByOthers(relays.own()))
                : 0;
    }

    /** How many this relay may have or take without taking what others wait for. */
    private long fair(Share share, Instant now) {
        String relay = relays.own();
        Shares living = living(share);
        if (!living.othersWait(relay, now)) {
            return share.most;
        }
        long each = share.most / living.claimantsWith(relay, now);
        if (each > 0) {
            return each;
        }
        boolean itsTurn =
                living.heldBy(relay) > 0 ? share.begun.plus(TURN).isAfter(now) : living.isFirstOfWaiting(relay, now);
        return itsTurn ? 1 : 0;
    }

    private long ask(Share share, long wanted) {
        share.asking.lock();
        try {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                long may = may(share);
                if (may >= wanted || isToldAlready(share, wanted) || put(share, more(share, wanted)) == Done.UNKNOWN) {
                    return may(share);
                }
            }
            return may(share);
        } finally {
            share.asking.unlock();
        }
    }

    // Whoever waits asks every second, and the others know.
    private boolean isToldAlready(Share share, long wanted) {
        lock.lock();
        try {
            Instant now = cluster.now();
            return Math.min(free(share), fair(share, now)) < wanted
                    && living(share)
                            .of(relays.own())
                            .filter(entry -> entry.wants().isAfter(now.plus(WISH_RENEWED)))
                            .isPresent();
        } finally {
            lock.unlock();
        }
    }

    private Shares more(Share share, long wanted) {
        lock.lock();
        try {
            Instant now = cluster.now();
            long reach = Math.min(free(share), fair(share, now));
            long mine = Math.max(has(share), Math.min(reach, portion(share, wanted)));
            Instant wants = reach >= wanted ? Instant.EPOCH : now.plus(WISH);
            return living(share).with(new Shares.Entry(relays.own(), mine, wants), now);
        } finally {
            lock.unlock();
        }
    }

    private static long portion(Share share, long wanted) {
        long size = Math.max(1, share.most / PORTIONS);
        return (wanted + size - 1) / size * size;
    }

    private enum Done {
        HELD,
        BEATEN,
        UNKNOWN
    }

    private Done put(Share share, Shares next) {
        long expected;
        lock.lock();
        try {
            expected = share.revision;
        } finally {
            lock.unlock();
        }
        Optional<Put> put = cluster.put(TOPIC, share.name, next.encoded(), expected, LIFE);
        lock.lock();
        try {
            return put.map(done -> switch (done) {
                        case Put.Held held -> {
                            take(share, next, held.revision());
                            yield Done.HELD;
                        }
                        case Put.Beaten beaten -> {
                            beaten.by()
                                    .ifPresentOrElse(
                                            by -> take(share, Shares.decoded(by.value()), by.revision()),
                                            () -> take(share, Shares.NONE, SharedRegisters.ABSENT));
                            yield Done.BEATEN;
                        }
                    })
                    .orElse(Done.UNKNOWN);
        } finally {
            lock.unlock();
        }
    }

    private void take(Share share, Shares shares, long revision) {
        boolean had = has(share) > 0;
        share.shares = shares;
        share.revision = revision;
        share.known = cluster.now();
        if (!had && has(share) > 0) {
            share.begun = share.known;
        }
    }

    @Override
    public void heard(Register register) {
        Share share;
        lock.lock();
        try {
            share = shares.get(register.name());
        } finally {
            lock.unlock();
        }
        if (share != null && share.asking.tryLock()) {
            try {
                heard(share, register);
            } finally {
                share.asking.unlock();
            }
            pool.room(share.key);
        }
    }

    private void heard(Share share, Register register) {
        lock.lock();
        try {
            if (share.revision != register.revision()) {
                take(share, Shares.decoded(register.value()), register.revision());
            }
        } finally {
            lock.unlock();
        }
    }

    /** Renews what is needed and gives back the rest. */
    @Override
    public void caughtUp() {
        List<Share> all;
        lock.lock();
        try {
            all = List.copyOf(shares.values());
        } finally {
            lock.unlock();
        }
        Map<Object, Long> sessions = all.isEmpty() ? Map.of() : pool.sessions();
        int told = 0;
        for (Share share : all) {
            retire(share, sessions.getOrDefault(share.key, 0L));
            if (told < MOST_PER_LOOK && settle(share)) {
                told++;
            }
        }
    }

    private void retire(Share share, long sessions) {
        if (othersWait(share)) {
            pool.retireIdle(share.key);
        }
        long tooMany = sessions - may(share);
        if (tooMany > 0) {
            pool.retire(share.key, tooMany);
        }
    }

    /** Tells the others what this relay needs, and returns whether they had to be told. */
    private boolean settle(Share share) {
        if (!isUnsettled(share, pool.taken(share.key)) || !share.asking.tryLock()) {
            return false;
        }
        try {
            put(share, settled(share, pool.taken(share.key)));
            return true;
        } finally {
            share.asking.unlock();
        }
    }

    private boolean othersWait(Share share) {
        lock.lock();
        try {
            return living(share).othersWait(relays.own(), cluster.now());
        } finally {
            lock.unlock();
        }
    }

    /** Whether the others have to be told; what nobody uses any more is forgotten. */
    private boolean isUnsettled(Share share, long taken) {
        lock.lock();
        try {
            Instant now = cluster.now();
            long has = has(share);
            if (has > 0) {
                return has > kept(share, taken, now)
                        || !share.known.plus(RENEWED).isAfter(now);
            }
            if (taken == 0 && !share.usedAt.plus(WISH).isAfter(now)) {
                shares.remove(share.name);
            }
            return taken > 0;
        } finally {
            lock.unlock();
        }
    }

    private long kept(Share share, long taken, Instant now) {
        if (living(share).othersWait(relays.own(), now)) {
            return taken;
        }
        boolean unused = taken == 0 && !share.usedAt.plus(KEPT).isAfter(now);
        return unused ? 0 : portion(share, Math.max(1, taken));
    }

    private Shares settled(Share share, long taken) {
        lock.lock();
        try {
            Instant now = cluster.now();
            long mine = Math.min(free(share), kept(share, taken, now));
            Instant wants =
                    living(share).of(relays.own()).map(Shares.Entry::wants).orElse(Instant.EPOCH);
            return living(share).with(new Shares.Entry(relays.own(), mine, wants), now);
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return shares.size();
        } finally {
            lock.unlock();
        }
    }
}
