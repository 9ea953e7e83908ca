// SPDX-License-Identifier: Apache-2.0
package org.postern.core.delivery;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.postern.core.route.Hop;
import org.postern.core.scope.OutboundSettings;
import org.postern.core.scope.Resolution;
import org.postern.core.session.Opener;

/**
 * Counts how often in succession, and for how long, no host of a domain could be connected to. Beyond what the scopes
 * allow, the domain is taken for lost, and its mail is put off all at once instead of message by message.
 *
 * <p>Threading: safe for many threads.
 */
@Singleton
final class Outages {

    private static final int MOST = 10_000;

    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Opener, Outage> known = new LinkedHashMap<>();

    private record Outage(Instant since, Map<String, Long> failures) {}

    @Inject
    Outages(Clock clock) {
        this.clock = clock;
    }

    /**
     * A host could not be connected to.
     *
     * @param tried when that was begun
     */
    void failed(Opener opener, Hop hop, Instant tried) {
        lock.lock();
        try {
            known.computeIfAbsent(opener, first -> new Outage(tried, new HashMap<>()))
                    .failures()
                    .merge(hop.toString(), 1L, Long::sum);
            if (known.size() > MOST) {
                known.remove(known.keySet().iterator().next());
            }
        } finally {
            lock.unlock();
        }
    }

    /** A host has been reached: what was counted is forgotten. */
    void reached(Opener opener) {
        lock.lock();
        try {
            known.remove(opener);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Why the domain is taken for lost, if it is.
     *
     * @param hops all hosts of the route
     */
    Optional<String> lost(Opener opener, List<Hop> hops, Resolution options) {
        long allowed = options.get(OutboundSettings.MX_FAILURES_TO_DELAY).orThrow();
        Duration patience =
                options.get(OutboundSettings.CONNECT_TIMEOUT_TO_DELAY).orThrow();
        lock.lock();
        try {
            Outage outage = known.get(opener);
            if (outage == null) {
                return Optional.empty();
            }
            if (allowed > 0
                    && hops.stream().allMatch(hop -> outage.failures().getOrDefault(hop.toString(), 0L) >= allowed)) {
                return Optional.of("each has failed " + allowed + " times or more in succession");
            }
            Duration age = Duration.between(outage.since(), clock.instant());
            return age.compareTo(patience) < 0
                    ? Optional.empty()
                    : Optional.of("for " + age.toSeconds() + " seconds none has answered");
        } finally {
            lock.unlock();
        }
    }
}
