// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Armed and disarmed by the session's thread without locks or allocation, looked at by the {@link Watchdog}'s. */
final class WatchedDeadline implements Deadline {

    // Times are made odd, so that the two states cannot be mistaken for one.
    private static final long DISARMED = 0;
    private static final long EXPIRED = 2;

    private final Watchdog watchdog;
    private final Closeable socket;
    private final long born;
    private final AtomicLong state = new AtomicLong(DISARMED);
    private volatile long look;
    private volatile boolean isCut;
    private volatile Thread pausing;

    /** @param alone for how many nanoseconds it is not looked at */
    WatchedDeadline(Watchdog watchdog, Closeable socket, long now, long alone) {
        this.watchdog = watchdog;
        this.socket = socket;
        this.born = now;
        this.look = now + alone;
    }

    @Override
    public void arm(Duration limit) {
        if (state.get() != EXPIRED) {
            long due = (watchdog.now() + limit.toNanos()) | 1;
            state.set(due);
            // Either this sees what nextLook wrote, or that sees when this is due.
            if (due - look < 0) {
                watchdog.hurry(this);
            }
        }
    }

    @Override
    public void disarm() {
        long armed = state.get();
        if (armed != EXPIRED) {
            state.compareAndSet(armed, DISARMED);
        }
    }

    @Override
    public long now() {
        return watchdog.now();
    }

    @Override
    public void pause(long nanos) {
        long now = now();
        long end = now + Math.min(nanos, Deadline.mayPass(state.get() - now));
        // Either this sees that it is cut, or whoever cuts sees who pauses.
        pausing = Thread.currentThread();
        while (end - now > 0 && !isCut && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(this, end - now);
            now = now();
        }
        pausing = null;
    }

    @Override
    public boolean isExpired() {
        return state.get() == EXPIRED;
    }

    /** For how many nanoseconds it has existed. */
    long age(long now) {
        return now - born;
    }

    /** When the watchdog comes by. */
    long look() {
        return look;
    }

    /** Called by the watchdog: when to come by next, which is at the latest then. */
    long nextLook(long now, long latest) {
        look = latest;
        long due = state.get();
        if (due != DISARMED && due != EXPIRED && due - latest < 0) {
            look = due - now < 0 ? now : due;
        }
        return look;
    }

    /** Called by the watchdog. */
    void check(long now) {
        long due = state.get();
        if (due != DISARMED && due != EXPIRED && now - due >= 0 && state.compareAndSet(due, EXPIRED)) {
            cut();
        }
    }

    @Override
    public void cut() {
        try {
            socket.close();
        } catch (IOException alreadyBroken) {
            // A socket that cannot be closed is no longer of use to anybody either.
        }
        isCut = true;
        LockSupport.unpark(pausing);
    }

    @Override
    public void close() {
        watchdog.forget(this);
    }
}
