// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Closes a connection when a step takes too long, whatever the step is blocked in. Used by the session's thread, but for
 * {@link #cut}.
 */
public interface Deadline extends AutoCloseable {

    /** From now on there is this much time. */
    void arm(Duration limit);

    /** The step ended in time; or it did not, and then the deadline stays expired. */
    void disarm();

    /** The time, in nanoseconds from wherever {@link System#nanoTime()} counts. */
    long now();

    /**
     * Lets some of the time pass that is left, for so many nanoseconds and for no more than {@link #mayPass}. Returns at once
     * if the connection is cut or the thread interrupted. Called while it is armed.
     */
    void pause(long nanos);

    /** How much of the nanoseconds that are left may pass in a pause: what comes in time is also to be seen in time. */
    static long mayPass(long left) {
        return left - Math.min(left / 2, TimeUnit.SECONDS.toNanos(1));
    }

    /** Whether a step took too long. */
    boolean isExpired();

    /** Closes the connection, and ends a pause. Called by any thread. */
    void cut();

    /** Stops watching. The connection is left alone. */
    @Override
    void close();
}
