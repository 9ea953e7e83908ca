// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.hashicorp;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Lets one request begin every so often, and the others wait for their turn. Safe for many threads. */
final class RequestPace implements AutoCloseable {

    /** Twenty in a second. */
    static final Duration INTERVAL = Duration.ofMillis(50);

    private final LongSupplier ticks;
    private final AtomicLong next;
    private final CountDownLatch closing = new CountDownLatch(1);

    /** @param ticks nanoseconds, as {@link System#nanoTime} counts them */
    RequestPace(LongSupplier ticks) {
        this.ticks = ticks;
        this.next = new AtomicLong(ticks.getAsLong());
    }

    /** How long the caller has to wait for the turn that it has taken, in nanoseconds. */
    long takeTurn() {
        long now = ticks.getAsLong();
        long turn = next.getAndUpdate(due -> Math.max(due, now) + INTERVAL.toNanos());
        return Math.max(turn - now, 0);
    }

    void await() throws InterruptedException {
        long wait = takeTurn();
        if (wait > 0 && closing.await(wait, TimeUnit.NANOSECONDS)) {
            throw new InterruptedException("the store is closing");
        }
    }

    @Override
    public void close() {
        closing.countDown();
    }
}
