// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import java.io.Closeable;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * One thread that looks at all deadlines twenty times a second while there are any. A timeout of each read would let a
 * peer dribble, and there is none for writes.
 */
final class Watchdog implements Deadlines {

    /** How late a deadline may be noticed. */
    static final Duration TICK = Duration.ofMillis(50);

    private final Set<WatchedDeadline> deadlines = ConcurrentHashMap.newKeySet();
    private final Thread thread;
    private volatile boolean closed;

    Watchdog() {
        thread = Thread.ofPlatform().daemon().name("postern-smtp-deadlines").start(this::run);
    }

    @Override
    public Deadline over(Closeable connection) {
        return new WatchedDeadline(this, connection);
    }

    void watch(WatchedDeadline deadline) {
        deadlines.add(deadline);
        LockSupport.unpark(thread);
        // Whoever comes after the last bell is cut at once.
        if (closed) {
            deadline.cut();
        }
    }

    void forget(WatchedDeadline deadline) {
        deadlines.remove(deadline);
    }

    private void run() {
        while (!closed) {
            long now = System.nanoTime();
            deadlines.forEach(deadline -> deadline.check(now));
            if (deadlines.isEmpty()) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, TICK.toNanos());
            }
        }
    }

    /** Ends the thread and cuts whatever is still watched. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        deadlines.forEach(WatchedDeadline::cut);
        deadlines.clear();
    }
}
