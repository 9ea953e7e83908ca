// SPDX-License-Identifier: Apache-2.0
package org.postern.core.session;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.postern.core.cluster.Cluster;
import org.postern.spi.cluster.Put;
import org.postern.spi.cluster.Register;
import org.postern.spi.cluster.SharedRegisters;

/**
 * Divides what may be open at once among relays that share a queue. Each has a share of every limit that it uses, with an
 * end, takes more in portions, and gives back what it does not need. One that wants more says so; then who has more than is
 * fair gives some up, and who has the only one passes it on after a while.
 *
 * <p>Threading: safe for many threads; no lock is held while the storage is asked, but for one per limit.
 */
final class SharedPlaces implements Cluster.Follower {

    static final String TOPIC = "places";

    private static final Duration LEASE = Duration.ofMinutes(2);
    private static final Duration RENEWED = Duration.ofMinutes(1);
    private static final Duration WISH = Duration.ofSeconds(10);
    private static final Duration WISH_RENEWED = Duration.ofSeconds(5);
    /** How long a relay may keep what is too little for all who want some. */
    private static final Duration TURN = Duration.ofSeconds(30);
    /** How long what nobody uses is kept, for whoever comes next. */
    private static final Duration KEPT = Duration.ofSeconds(5);

    private static final int ATTEMPTS = 20;
    private static final int PORTIONS = 16;

    private final Cluster cluster;
    private final Pool pool;
    private final String relay;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Share> shares = new HashMap<>();

    /** Whose places are divided. */
    interface Pool {

        /** Sessions under a limit that may serve another message. */
        long sessions(Object key);

        /** All sessions under it, and places for such as are about to be. */
        long taken(Object key);

        /** Lets so many of them serve no other message. */
        void retire(Object key, long count);

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
        Shares shares = Shares.NONE;
        /** Since when this relay has had any. */
        Instant begun = Instant.MIN;

        Instant usedAt = Instant.MIN;

        Share(String name, Object key) {
            this.name = name;
            this.key = key;
        }
    }

    SharedPlaces(Cluster cluster, Pool pool) {
        this.cluster = cluster;
        this.pool = pool;
        byte[] name = new byte[8];
        new SecureRandom().nextBytes(name);
        this.relay = HexFormat.of().formatHex(name);
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
            return Math.min(has(share, now), fair(share, now));
        } finally {
            lock.unlock();
        }
    }

    private long has(Share share, Instant now) {
        return share.shares
                .of(relay)
                .filter(entry -> entry.holds(now))
                .map(Shares.Entry::share)
                .orElse(0L);
    }

    private long free(Share share, Instant now) {
        return Math.max(0, share.most - share.shares.heldByOthers(relay, now));
    }

    /** How many this relay may have or take without taking what others wait for. */
    private long fair(Share share, Instant now) {
        if (!share.shares.othersWait(relay, now)) {
            return share.most;
        }
        long each = share.most / share.shares.claimantsWith(relay, now);
        if (each > 0) {
            return each;
        }
        boolean itsTurn =
                has(share, now) > 0 ? share.begun.plus(TURN).isAfter(now) : share.shares.isFirstOfWaiting(relay, now);
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
            return Math.min(free(share, now), fair(share, now)) < wanted
                    && share.shares
                            .of(relay)
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
            long reach = Math.min(free(share, now), fair(share, now));
            long mine = Math.max(has(share, now), Math.min(reach, portion(share, wanted)));
            Instant wants = reach >= wanted ? Instant.EPOCH : now.plus(WISH);
            return share.shares.with(new Shares.Entry(relay, mine, now.plus(LEASE), wants), now);
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
        Optional<Put> put = cluster.put(TOPIC, share.name, next.encoded(), expected, LEASE);
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
        Instant now = cluster.now();
        boolean had = share.shares.of(relay).filter(entry -> entry.holds(now)).isPresent();
        share.shares = shares;
        share.revision = revision;
        if (!had && shares.of(relay).filter(entry -> entry.holds(now)).isPresent()) {
            share.begun = now;
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
        all.forEach(this::settle);
    }

    private void settle(Share share) {
        long tooMany = pool.sessions(share.key) - may(share);
        if (tooMany > 0) {
            pool.retire(share.key, tooMany);
        }
        if (!isUnsettled(share, pool.taken(share.key)) || !share.asking.tryLock()) {
            return;
        }
        try {
            put(share, settled(share, pool.taken(share.key)));
        } finally {
            share.asking.unlock();
        }
    }

    /** Whether the others have to be told; what nobody uses any more is forgotten. */
    private boolean isUnsettled(Share share, long taken) {
        lock.lock();
        try {
            Instant now = cluster.now();
            Optional<Shares.Entry> own = share.shares.of(relay).filter(entry -> entry.holds(now));
            if (own.isPresent()) {
                return own.get().until().isBefore(now.plus(RENEWED))
                        || own.get().share() > kept(share, taken, now);
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
        if (share.shares.othersWait(relay, now)) {
            return taken;
        }
        boolean unused = taken == 0 && !share.usedAt.plus(KEPT).isAfter(now);
        return unused ? 0 : portion(share, Math.max(1, taken));
    }

    private Shares settled(Share share, long taken) {
        lock.lock();
        try {
            Instant now = cluster.now();
            long mine = Math.min(free(share, now), kept(share, taken, now));
            Instant wants = share.shares.of(relay).map(Shares.Entry::wants).orElse(Instant.EPOCH);
            return share.shares.with(new Shares.Entry(relay, mine, now.plus(LEASE), wants), now);
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
