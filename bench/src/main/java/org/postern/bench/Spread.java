// SPDX-License-Identifier: Apache-2.0
package org.postern.bench;

import java.util.Arrays;
import java.util.Collection;

/** The least, the middle and the greatest of some numbers. */
public record Spread(double least, double median, double greatest) {

    /** @throws IllegalArgumentException if there are none */
    public static Spread of(Collection<Double> values) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        if (sorted.length == 0) {
            throw new IllegalArgumentException("no values");
        }
        return new Spread(sorted[0], median(sorted), sorted[sorted.length - 1]);
    }

    private static double median(double[] sorted) {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1
                ? sorted[middle]
                : Arrays.stream(sorted, middle - 1, middle + 1).average().orElseThrow();
    }
}
