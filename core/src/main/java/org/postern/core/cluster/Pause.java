// SPDX-License-Identifier: Apache-2.0
package org.postern.core.cluster;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Lets time pass until a storage is asked again. */
@FunctionalInterface
public interface Pause {

    /** By the machine's monotonic time. */
    Pause REAL = time -> new Semaphore(0).tryAcquire(time.toNanos(), TimeUnit.NANOSECONDS);

    /** Returns after this time. */
    void rest(Duration time) throws InterruptedException;
}
