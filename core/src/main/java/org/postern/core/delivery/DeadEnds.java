// SPDX-License-Identifier: Apache-2.0
package org.postern.core.delivery;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.postern.core.outcome.Judgement;
import org.postern.core.session.SessionKey;

/**
 * Sessions that were opened and could not be authenticated for a reason that will hold for a while, such as no mechanism
 * in common. A thousand messages with the same key need not connect a thousand times to learn the same.
 *
 * <p>Threading: safe for many threads.
 */
@Singleton
public final class DeadEnds {

    private static final Duration LIFE = Duration.ofMinutes(1);
    private static final int MOST = 10_000;

    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<SessionKey, DeadEnd> known = new LinkedHashMap<>();
    private long changes;

    private record DeadEnd(Judgement judgement, Instant until) {}

    @Inject
    DeadEnds(Clock clock) {
        this.clock = clock;
    }

    /** Counts up with every {@link #forgetAll()}. */
    long changes() {
        lock.lock();
        try {
            return changes;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Remembers, unless something has changed since.
     *
     * @param since what {@link #changes()} was before the session was opened
     */
    void remember(SessionKey key, Judgement judgement, long since) {
        lock.lock();
        try {
            if (since != changes) {
                return;
            }
            known.put(key, new DeadEnd(judgement, clock.instant().plus(LIFE)));
            if (known.size() > MOST) {
                known.remove(known.keySet().iterator().next());
            }
        } finally {
            lock.unlock();
        }
    }

    Optional<Judgement> at(SessionKey key) {
        lock.lock();
        try {
            DeadEnd found = known.get(key);
            if (found == null) {
                return Optional.empty();
            }
            if (!found.until().isAfter(clock.instant())) {
                known.remove(key);
                return Optional.empty();
            }
            return Optional.of(found.judgement());
        } finally {
            lock.unlock();
        }
    }

    /** A mechanism, a setting or a credential changed: everything is worth another try. */
    public void forgetAll() {
        lock.lock();
        try {
            changes++;
            known.clear();
        } finally {
            lock.unlock();
        }
    }
}
