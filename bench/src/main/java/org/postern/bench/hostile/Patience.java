// SPDX-License-Identifier: Apache-2.0
package org.postern.bench.hostile;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits that end. */
final class Patience {

    private static final long LOOK_NANOS = Duration.ofMillis(5).toNanos();

    private Patience() {}

    /** Whether it became so within this time. */
    static boolean await(Duration most, BooleanSupplier so) {
        long until = System.nanoTime() + most.toNanos();
        while (!so.getAsBoolean()) {
            if (System.nanoTime() - until > 0) {
                return false;
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        return true;
    }

    /** Lets time pass. */
    static void rest(long millis) {
        long until = System.nanoTime() + Duration.ofMillis(millis).toNanos();
        for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    /** Seconds since then, by {@link System#nanoTime}. */
    static double secondsSince(long began) {
        return (System.nanoTime() - began) / (double) Duration.ofSeconds(1).toNanos();
    }
}
