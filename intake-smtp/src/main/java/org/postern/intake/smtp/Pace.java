// SPDX-License-Identifier: Apache-2.0
package org.postern.intake.smtp;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** How long a peer may take over content. Only waiting for the peer counts; our own disk is not its fault. */
final class Pace {

    private final LongSupplier nanoTime;
    private final long pause;
    private final long rate;
    private long waited;
    private long octets;

    Pace(LongSupplier nanoTime, Limits limits) {
        this.nanoTime = nanoTime;
        this.pause = limits.dataTimeout().toNanos();
        this.rate = limits.minimumDataRate();
    }

    void fill(Input input) throws IOException {
        long start = nanoTime.getAsLong();
        octets += input.fill(pause);
        waited += nanoTime.getAsLong() - start;
        if (rate > 0 && waited - pause > octets / (double) rate * TimeUnit.SECONDS.toNanos(1)) {
            throw new SocketTimeoutException("content comes too slowly");
        }
    }
}
