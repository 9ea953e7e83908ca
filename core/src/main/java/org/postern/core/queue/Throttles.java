// SPDX-License-Identifier: Apache-2.0
package org.postern.core.queue;

import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.postern.core.cluster.Cluster;
import org.postern.spi.settings.Throttle;

/**
 * Counts what goes out against what may go out in a time. A window begins with the first that is let through; all who
 * share a key share the count.
 *
 * <p>Threading: safe for many threads; never blocks.
 */
public final class Throttles {

    private static final int FORGET_ABOVE = 1_000;

    private final Clock clock;
    private final SharedThrottles shared;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Object, Window> windows = new HashMap<>();

    private static final class Window {
        private final Instant start;
        private final Throttle throttle;
        private long passed;

        private Window(Instant start, Throttle throttle) {
            this.start = start;
            this.throttle = throttle;
        }

        private Instant end() {
            return start.plus(throttle.window());
        }

        // A clock that was set back must not close a window for longer than it was meant to be.
        private boolean isOver(Instant now) {
            return now.isBefore(start) || !now.isBefore(end());
        }
    }

    /** @param clock measures the windows */
    public Throttles(Clock clock) {
        this(clock, Cluster.alone());
    }

    /**
     * For a relay.
     *
     * @param clock measures the windows
     * @param cluster with whom counts are shared
     */
    public Throttles(Clock clock, Cluster cluster) {
        this.clock = clock;
        this.shared = new SharedThrottles(
                cluster, draw -> Thread.ofVirtual().name("postern-throttle").start(draw));
    }

    /** @param listener told whenever more may go out of what counts over all relays that share a queue */
    public void whenOpen(Runnable listener) {
        shared.whenDrawn(listener);
    }

    /**
     * The same over all relays that share a queue.
     *
     * @param name what the key is called among them
     */
    public Optional<Instant> closedUntilOverAll(String name, Throttle throttle) {
        return throttle.isLimited() ? shared.closedFor(name, throttle).map(clock.instant()::plus) : Optional.empty();
    }

    /**
     * Lets one more through, or says when it may be asked again.
     *
     * @param key what the count is for
     * @return nothing if it is through
     */
    public Optional<Instant> closedUntil(Object key, Throttle throttle) {
        if (!throttle.isLimited()) {
            return Optional.empty();
        }
        Instant now = clock.instant();
        lock.lock();
        try {
            Window window = windows.get(key);
            if (window == null || window.isOver(now) || !window.throttle.equals(throttle)) {
                forgetOld(now);
                window = new Window(now, throttle);
                windows.put(key, window);
            }
            if (window.passed >= throttle.count()) {
                return Optional.of(window.end());
            }
            window.passed++;
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /**
     * What was let through did not go out after all: another may go in its place.
     *
     * @param key what was counted
     */
    public void giveBack(Object key) {
        lock.lock();
        try {
            Window window = windows.get(key);
            if (window != null && window.passed > 0) {
                window.passed--;
            }
        } finally {
            lock.unlock();
        }
    }

    private void forgetOld(Instant now) {
        if (windows.size() >= FORGET_ABOVE) {
            windows.values().removeIf(window -> window.isOver(now));
        }
    }
}
