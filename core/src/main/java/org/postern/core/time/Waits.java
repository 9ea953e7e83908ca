// SPDX-License-Identifier: Apache-2.0
package org.postern.core.time;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/**
 * Waiting for something that may not happen, but not for ever. The engine waits by the machine's monotonic time; a
 * simulation has a time of its own, in which hours pass at once.
 *
 * <p>Threading: safe for many threads.
 */
public interface Waits {

    /** By the machine's monotonic time. */
    Waits REAL = new Waits() {

        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public long await(Lock lock, Condition condition, long nanos) throws InterruptedException {
            return condition.awaitNanos(nanos);
        }

        @Override
        public <T> T get(CompletableFuture<T> future, long nanos)
                throws InterruptedException, ExecutionException, TimeoutException {
            return future.get(nanos, TimeUnit.NANOSECONDS);
        }

        @Override
        public Thread platformThread(String name, Runnable work) {
            return Thread.ofPlatform().daemon().name(name).unstarted(work);
        }
    };

    /** Monotonic time in nanoseconds, of use only beside another. */
    long nanoTime();

    /**
     * As {@link Condition#awaitNanos}, spurious returns included.
     *
     * @param lock the condition's, held by the caller
     * @return what is left of the time; zero or less if it is over
     */
    long await(Lock lock, Condition condition, long nanos) throws InterruptedException;

    /**
     * As {@link CompletableFuture#get(long, TimeUnit)}.
     *
     * @throws TimeoutException if the time is over first
     */
    <T> T get(CompletableFuture<T> future, long nanos)
            throws InterruptedException, ExecutionException, TimeoutException;

    /** A thread, not started, for work that may wait in ways in which a virtual thread would hold its carrier. */
    Thread platformThread(String name, Runnable work);
}
