// SPDX-License-Identifier: Apache-2.0
package org.postern.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The marks for people to read: medians of the rounds, and the median of the ratios of the rounds. */
final class MarkTable {

    private static final String FORMAT = "%-2s %-46s %-22s %10s %10s %7s  %-9s %s";

    private final List<MarkLine> marks;
    private final boolean coloured;

    MarkTable(List<MarkLine> marks, boolean coloured) {
        this.marks = marks;
        this.coloured = coloured;
    }

    /** All of it, line by line. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(FORMAT, "", "", "", "Postern", "other", "ratio", "mark", "")
                .stripTrailing());
        marks.forEach(mark -> lines.add(line(mark)));
        return lines;
    }

    private String line(MarkLine mark) {
        return String.format(
                FORMAT,
                mark.mark(),
                mark.work(),
                mark.figure(),
                median(mark.ours(), mark.decimals()),
                median(mark.theirs(), mark.decimals()),
                median(mark.ratios(), 2),
                bound(mark.bound()),
                verdict(mark.verdict()));
    }

    private static String median(List<Double> figures, int decimals) {
        return figures.isEmpty()
                ? "-"
                : String.format(
                        Locale.ROOT, "%,." + decimals + "f", Spread.of(figures).median());
    }

    private static String bound(MarkLine.Bound bound) {
        return switch (bound) {
            case MarkLine.Bound.AtLeast least -> number(">= %.2f", least.ratio());
            case MarkLine.Bound.AtMost most -> number("<= %.2f", most.ratio());
            case MarkLine.Bound.Within within -> number("<= %.0f", within.figure());
        };
    }

    private static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }

    private String verdict(MarkLine.Verdict verdict) {
        return switch (verdict) {
            case MET -> coloured("met", 32);
            case MISSED -> coloured("NOT MET", 31);
            case OPEN -> "not compared";
        };
    }

    private String coloured(String word, int colour) {
        return coloured ? "\033[" + colour + "m" + word + "\033[0m" : word;
    }
}
