// SPDX-License-Identifier: Apache-2.0
package org.postern.core.session;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.postern.core.cluster.Cluster;
import org.postern.core.cluster.Relays;
import org.postern.core.smtp.SmtpConnection;

/**
 * Open sessions between two messages, each usable only for its own {@link SessionKey}. The one used last is taken first,
 * so that a pool that grew too large shrinks.
 *
 * <p>Threading: safe for many threads; the lock is never held across I/O. Room under a limit that relays share may have to be
 * asked for.
 */
@Singleton
public final class SessionPool implements AutoCloseable {

    private static final Duration TRUSTED = Duration.ofSeconds(1);

    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final IdleSessions idle = new IdleSessions();
    private final Set<PooledSession> all = new LinkedHashSet<>();
    private final Map<Object, Integer> counted = new HashMap<>();
    private final SharedPlaces shared;
    private volatile Consumer<Object> onRoom = key -> {};
    private boolean closed;

    /**
     * For one relay.
     *
     * @param clock measures idleness
     * @param cluster with whom limits are shared
     * @param relays who that is
     */
    @Inject
    public SessionPool(Clock clock, Cluster cluster, Relays relays) {
        this.clock = clock;
        this.shared = new SharedPlaces(cluster, relays, new Sharing());
    }

    /**
     * Whom to tell that a session has ended or finished a message.
     *
     * @param listener gets the key of each limit that the session counts under; called without a lock held
     */
    public void whenRoom(Consumer<Object> listener) {
        onRoom = listener;
    }

    /**
     * How much is open under a limit.
     *
     * @param taken sessions, and places for sessions that are about to be
     * @param idle how many of them have nothing to do
     */
    public record Usage(int taken, int idle) {}

    /** What is open under the limit with this key. */
    public Usage usage(Object limit) {
        lock.lock();
        try {
            return new Usage(counted.getOrDefault(limit, 0), idle.under(limit));
        } finally {
            lock.unlock();
        }
    }

    /** A session with this key that the peer has not closed, if there is one. */
    public Lease lease(SessionKey key) {
        for (Optional<PooledSession> next = takeIdle(key); next.isPresent(); next = takeIdle(key)) {
            PooledSession session = next.get();
            if (session.mayContinue(clock.instant()) && isOpen(session)) {
                return new Lease.Reused(session);
            }
            discard(session);
        }
        return new Lease.Needed(key);
    }

    // Looking costs a moment per message; a session that has just served is trusted, and its loss noticed at MAIL.
    private boolean isOpen(PooledSession session) {
        return session.idleSince().plus(TRUSTED).isAfter(clock.instant())
                || session.connection().isUsable();
    }

    private Optional<PooledSession> takeIdle(SessionKey key) {
        lock.lock();
        try {
            Optional<PooledSession> session = idle.take(key);
            session.ifPresent(PooledSession::taken);
            return session;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes charge of a session that the caller has just opened, and goes on using it.
     *
     * @param opener whose message it was opened for
     * @param mechanism what authenticated it, if it is authenticated
     * @param life how long it may live
     * @param place what {@link #reserve} gave for it; the session has it from now on
     */
    public PooledSession adopt(
            SessionKey key,
            Opener opener,
            SmtpConnection connection,
            Optional<String> mechanism,
            SessionLife life,
            Place place) {
        PooledSession session = new PooledSession(key, opener, connection, mechanism, life, place.take());
        lock.lock();
        try {
            all.add(session);
        } finally {
            lock.unlock();
        }
        return session;
    }

    /**
     * Room for one more session under every one of these limits. Where there is none, an idle session that takes it up is
     * closed for it.
     *
     * @return nothing where every session under some limit is at work
     */
    public Optional<Place> reserve(Collection<SessionLimit> limits) {
        return reserve(limits, session -> true);
    }

    /** The same, but no session with this key is closed: it has come back just now, and had better be leased. */
    public Optional<Place> reserve(Collection<SessionLimit> limits, SessionKey wanted) {
        return reserve(limits, session -> !session.key().equals(wanted));
    }

    private Optional<Place> reserve(Collection<SessionLimit> limits, Predicate<PooledSession> closable) {
        Optional<Place> place = reserveHere(limits, closable);
        if (place.isEmpty()) {
            return place;
        }
        List<SessionLimit> granted = limits.stream()
                .map(limit -> limit.atMost(shared.granted(limit, counted(limit.key()))))
                .toList();
        if (granted.equals(List.copyOf(limits))
                || granted.stream().allMatch(limit -> counted(limit.key()) <= limit.most())) {
            return place;
        }
        // Nobody is told of this room: whoever came for it would not get it either.
        forgo(place.get());
        return reserveHere(granted, closable);
    }

    private int counted(Object key) {
        lock.lock();
        try {
            return counted.getOrDefault(key, 0);
        } finally {
            lock.unlock();
        }
    }

    private void forgo(Place place) {
        lock.lock();
        try {
            free(place.take());
        } finally {
            lock.unlock();
        }
    }

    /** What relays that share a queue have to know of this one's sessions. */
    private final class Sharing implements SharedPlaces.Pool {

        @Override
        public Map<Object, Long> sessions() {
            lock.lock();
            try {
                return all.stream()
                        .filter(session -> !session.isRetired())
                        .flatMap(session -> session.limits().stream())
                        .collect(Collectors.groupingBy(key -> key, Collectors.counting()));
            } finally {
                lock.unlock();
            }
        }

        @Override
        public long taken(Object key) {
            return counted(key);
        }

        // Those that have nothing to do go first.
        @Override
        public void retire(Object key, long count) {
            lock.lock();
            try {
                all.stream()
                        .filter(session -> session.countsUnder(key) && !session.isRetired())
                        .sorted(Comparator.comparing(PooledSession::busy))
                        .limit(count)
                        .forEach(PooledSession::retire);
            } finally {
                lock.unlock();
            }
            quitIdle(session -> !session.mayContinue(clock.instant()));
        }

        @Override
        public void retireIdle(Object key) {
            SessionPool.this.retire(session -> session.countsUnder(key) && !session.busy());
        }

        @Override
        public void room(Object key) {
            onRoom.accept(key);
        }
    }

    private Optional<Place> reserveHere(Collection<SessionLimit> limits, Predicate<PooledSession> closable) {
        List<PooledSession> leaving = new ArrayList<>();
        lock.lock();
        try {
            for (SessionLimit limit : limits) {
                while (counted.getOrDefault(limit.key(), 0) >= limit.most()) {
                    Optional<PooledSession> oldest = idle.oldest(limit.key(), closable);
                    if (oldest.isEmpty()) {
                        return Optional.empty();
                    }
                    idle.remove(oldest.get());
                    drop(oldest.get());
                    leaving.add(oldest.get());
                }
            }
            List<Object> keys = limits.stream().map(SessionLimit::key).toList();
            keys.forEach(key -> counted.merge(key, 1, Integer::sum));
            return Optional.of(new Place(this, keys));
        } finally {
            lock.unlock();
            leaving.forEach(this::quit);
        }
    }

    private void drop(PooledSession session) {
        if (all.remove(session)) {
            free(session.limits());
        }
    }

    void release(Collection<Object> keys) {
        lock.lock();
        try {
            free(keys);
        } finally {
            lock.unlock();
        }
        keys.forEach(onRoom);
    }

    private void free(Collection<Object> keys) {
        keys.forEach(key -> counted.computeIfPresent(key, (same, count) -> count == 1 ? null : count - 1));
    }

    /**
     * The message is done and the session is fit for another one.
     *
     * @param recipients how many it named
     */
    public void giveBack(PooledSession session, int recipients) {
        session.finishedDelivery(clock.instant(), recipients);
        if (!keep(session)) {
            quit(session);
        }
        session.limits().forEach(onRoom);
    }

    private boolean keep(PooledSession session) {
        lock.lock();
        try {
            if (closed || !session.mayContinue(clock.instant())) {
                drop(session);
                return false;
            }
            idle.add(session);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * The message is done, and another one is under way on the session already.
     *
     * @param recipients how many it named
     */
    public void goesOn(PooledSession session, int recipients) {
        session.delivered(recipients);
    }

    /** Whether a session that is at work may take another message after the one in hand, which names so many recipients. */
    public boolean maySendMore(PooledSession session, int recipients) {
        return session.mayContinueAfter(recipients, clock.instant());
    }

    /** The session is not to be used again. */
    public void discard(PooledSession session) {
        forget(List.of(session));
        session.connection().close();
        session.limits().forEach(onRoom);
    }

    /** Lets these sessions finish the message in hand and serve no other. */
    public void retire(Predicate<PooledSession> which) {
        lock.lock();
        try {
            all.stream().filter(which).forEach(PooledSession::retire);
        } finally {
            lock.unlock();
        }
        quitIdle(session -> !session.mayContinue(clock.instant()));
    }

    /** Closes what has been idle for too long or has come to its end; to be called about once a second. */
    public void closeIdle() {
        Instant now = clock.instant();
        quitIdle(session -> session.idleTooLong(now) || !session.mayContinue(now));
    }

    private void quitIdle(Predicate<PooledSession> which) {
        List<PooledSession> leaving;
        lock.lock();
        try {
            leaving = idle.takeAll(which);
            leaving.forEach(this::drop);
        } finally {
            lock.unlock();
        }
        leaving.forEach(this::quit);
    }

    private void forget(Collection<PooledSession> sessions) {
        lock.lock();
        try {
            sessions.forEach(this::drop);
        } finally {
            lock.unlock();
        }
    }

    // A peer may take its time to say goodbye, and nothing depends on it (RFC 5321 section 4.1.1.10).
    private void quit(PooledSession session) {
        Thread.ofVirtual().name("postern-quit-" + session.key().peer()).start(session.connection()::quit);
    }

    /** The sessions there are, busy ones included. */
    public List<PooledSession> sessions() {
        lock.lock();
        try {
            return List.copyOf(all);
        } finally {
            lock.unlock();
        }
    }

    /** Closes idle sessions now and the others when they are given back. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
        quitIdle(session -> true);
    }
}
