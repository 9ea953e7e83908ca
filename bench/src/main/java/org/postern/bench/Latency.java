// SPDX-License-Identifier: Apache-2.0
package org.postern.bench;

import java.time.Instant;
import java.util.stream.IntStream;

/**
 * How long messages took from the reply that accepted them until the peer had them. A message may be there before that
 * reply has been read; that counts as no time.
 *
 * @param medianMillis the median
 * @param slowestMillis the 99th percentile
 */
record Latency(double medianMillis, double slowestMillis) {

    private static final double NANOS_PER_MILLI = 1e6;
    private static final double SLOWEST = 0.99;

    /**
     * Of messages by their numbers.
     *
     * @param accepted when each was accepted, in nanoseconds
     * @param delivered when each was at the peer by the same clock; 0 if it was not
     */
    static Latency of(long[] accepted, long[] delivered) {
        double[] sorted = IntStream.range(0, accepted.length)
                .filter(number -> delivered[number] != 0)
                .mapToDouble(number -> Math.max(0, delivered[number] - accepted[number]) / NANOS_PER_MILLI)
                .sorted()
                .toArray();
        return new Latency(at(sorted, 0.5), at(sorted, SLOWEST));
    }

    private static double at(double[] sorted, double share) {
        return sorted.length == 0 ? Double.NaN : sorted[(int) Math.ceil(sorted.length * share) - 1];
    }

    /** The time of day in nanoseconds, the same in all processes of the machine. */
    static long now() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000_000 + now.getNano();
    }
}
