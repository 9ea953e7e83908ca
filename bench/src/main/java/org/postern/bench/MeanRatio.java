// SPDX-License-Identifier: Apache-2.0
package org.postern.bench;

import java.util.Collection;

/**
 * The geometric mean of ratios that were measured again and again, and between what it lies in 95 of 100 such series, if what
 * disturbs them does so independently of each other and in either direction.
 *
 * @param mean the mean
 * @param least the lower end
 * @param most the upper end
 */
public record MeanRatio(double mean, double least, double most) {

    /** Of a normal distribution, so many standard deviations to each side hold 95 %. */
    private static final double WIDTH = 1.96;

    /** @throws IllegalArgumentException if there are fewer than two */
    public static MeanRatio of(Collection<Double> ratios) {
        if (ratios.size() < 2) {
            throw new IllegalArgumentException("one ratio does not say how far others are from it");
        }
        double[] logarithms = ratios.stream().mapToDouble(Math::log).toArray();
        double mean = 0;
        for (double one : logarithms) {
            mean += one / logarithms.length;
        }
        double squares = 0;
        for (double one : logarithms) {
            squares += (one - mean) * (one - mean);
        }
        double error = WIDTH * Math.sqrt(squares / (logarithms.length - 1) / logarithms.length);
        return new MeanRatio(Math.exp(mean), Math.exp(mean - error), Math.exp(mean + error));
    }

    /** By how much it differs from what was measured before, independently. */
    public MeanRatio dividedBy(MeanRatio before) {
        double quotient = mean / before.mean;
        double error = Math.exp(Math.hypot(Math.log(most / mean), Math.log(before.most / before.mean)));
        return new MeanRatio(quotient, quotient / error, quotient * error);
    }
}
