// SPDX-License-Identifier: Apache-2.0
package org.postern.bench;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * What was found about one figure of one mark.
 *
 * @param mark the number of the mark
 * @param work what was done
 * @param figure what is counted
 * @param decimals how many decimals it is written with
 * @param ours Postern's figures, round by round
 * @param theirs the other's, of the same rounds; empty if there is none, or if the mark does not ask for it
 * @param bound what is asked for
 */
record MarkLine(
        int mark, String work, String figure, int decimals, List<Double> ours, List<Double> theirs, Bound bound) {

    /** What is asked for. */
    sealed interface Bound {

        /** Of ours divided by theirs: at least so much. */
        record AtLeast(double ratio) implements Bound {}

        /** Of ours divided by theirs: at most so much. */
        record AtMost(double ratio) implements Bound {}

        /** Of the greatest of ours: at most so much, whatever the other does. */
        record Within(double figure) implements Bound {}
    }

    /** Whether it is so. */
    enum Verdict {
        MET,
        MISSED,
        /** There was nobody to compare with. */
        OPEN
    }

    /** Ours divided by theirs, of each round. */
    List<Double> ratios() {
        return IntStream.range(0, Math.min(ours.size(), theirs.size()))
                .mapToObj(i -> ours.get(i) / theirs.get(i))
                .toList();
    }

    Verdict verdict() {
        return switch (bound) {
            case Bound.AtLeast least -> verdict(ratios(), ratio -> ratio.median() >= least.ratio());
            case Bound.AtMost most -> verdict(ratios(), ratio -> ratio.median() <= most.ratio());
            case Bound.Within within -> verdict(ours, figure -> figure.greatest() <= within.figure());
        };
    }

    private static Verdict verdict(List<Double> figures, Predicate<Spread> met) {
        if (figures.isEmpty()) {
            return Verdict.OPEN;
        }
        return met.test(Spread.of(figures)) ? Verdict.MET : Verdict.MISSED;
    }
}
