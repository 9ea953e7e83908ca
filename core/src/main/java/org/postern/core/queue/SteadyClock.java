// SPDX-License-Identifier: Apache-2.0
package org.postern.core.queue;

import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.function.LongSupplier;

/**
 * Time for everything that waits. It begins with the system's clock and goes on with monotonic time; where the two part,
 * because somebody set the system's clock or the machine slept, it comes after the system's clock by a tenth of the time that
 * passes. So a jump makes nothing due, nothing old and nothing wait for years, and dates become right again.
 *
 * <p>Threading: safe for many threads.
 */
public final class SteadyClock extends Clock {

    /** It gains or loses at most one part in so many. */
    private static final long SLEW = 10;

    private final InstantSource system;
    private final LongSupplier nanoTime;
    private long lastNanos;
    private Instant now;

    /**
     * @param system the clock that people set
     * @param nanoTime monotonic time, as {@link System#nanoTime}
     */
    public SteadyClock(InstantSource system, LongSupplier nanoTime) {
        this.system = system;
        this.nanoTime = nanoTime;
        this.lastNanos = nanoTime.getAsLong();
        this.now = system.instant();
    }

    @Override
    public synchronized Instant instant() {
        long nanos = nanoTime.getAsLong();
        long passed = Math.max(0, nanos - lastNanos);
        lastNanos = nanos;
        Instant steady = now.plusNanos(passed);
        Instant told = system.instant();
        Instant earliest = steady.minusNanos(passed / SLEW);
        Instant latest = steady.plusNanos(passed / SLEW);
        now = told.isBefore(earliest) ? earliest : told.isAfter(latest) ? latest : told;
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    /** What waits knows no zones. */
    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("this clock is for instants");
    }
}
