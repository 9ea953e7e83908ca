// SPDX-License-Identifier: Apache-2.0
package org.postern.intake.smtp;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.postern.engine.DeliveryEngine;

/**
 * The engine that is there now. Where there is none, because it or the spool is being replaced, whoever asks waits a
 * little for the next one, so that senders notice nothing but a pause.
 *
 * <p>Threading: safe for many threads.
 */
final class EngineSlot implements Supplier<Optional<DeliveryEngine>> {

    private final Duration grace;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private DeliveryEngine engine;
    private boolean closed;

    /** @param grace how long to wait at most */
    EngineSlot(Duration grace) {
        this.grace = grace;
    }

    void put(DeliveryEngine next) {
        lock.lock();
        try {
            engine = next;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Another engine that has come meanwhile stays. */
    void remove(DeliveryEngine gone) {
        lock.lock();
        try {
            if (engine == gone) {
                engine = null;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Nobody waits any longer. */
    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Optional<DeliveryEngine> get() {
        long left = grace.toNanos();
        lock.lock();
        try {
            while (engine == null && !closed && left > 0) {
                left = changed.awaitNanos(left);
            }
            return Optional.ofNullable(engine);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }
}
