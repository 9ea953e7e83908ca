// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.postern.core.time.Waits;

/**
 * A service of another bundle, counted while it is in use and let go of when it leaves: whatever still holds a
 * {@link Use} afterwards holds this object and not the service, so that the bundle's classes can be collected.
 *
 * @param <S> the kind of service
 */
final class LeasedService<S> {

    private final Waits waits;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition returned = lock.newCondition();
    private volatile S service;
    private boolean leaving;
    private int uses;

    LeasedService(S service, Waits waits) {
        this.service = service;
        this.waits = waits;
    }

    Optional<Use<S>> lease() {
        lock.lock();
        try {
            if (leaving) {
                return Optional.empty();
            }
            uses++;
            return Optional.of(new Use<>(this));
        } finally {
            lock.unlock();
        }
    }

    /** Lets go of the service once nobody uses it or the time is over. Returns whether all uses had ended. */
    boolean retire(Duration patience) {
        lock.lock();
        try {
            leaving = true;
            return awaitReturn(patience.toNanos());
        } finally {
            service = null;
            lock.unlock();
        }
    }

    private boolean awaitReturn(long nanos) {
        long left = nanos;
        try {
            while (uses > 0 && left > 0) {
                left = waits.await(lock, returned, left);
            }
        } catch (InterruptedException hurried) {
            // The framework wants its thread back; what is still in use is cut off.
            Thread.currentThread().interrupt();
        }
        return uses == 0;
    }

    private void giveBack() {
        lock.lock();
        try {
            uses--;
            returned.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** One use. Closing twice does nothing. */
    static final class Use<S> implements AutoCloseable {

        private final LeasedService<S> leased;
        private final AtomicBoolean closed = new AtomicBoolean();

        private Use(LeasedService<S> leased) {
            this.leased = leased;
        }

        S service() {
            S service = leased.service;
            if (service == null || closed.get()) {
                throw new IllegalStateException("the service was given back or has left");
            }
            return service;
        }

        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) {
                leased.giveBack();
            }
        }
    }
}
