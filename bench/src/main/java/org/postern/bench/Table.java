// SPDX-License-Identifier: Apache-2.0
package org.postern.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** The results for people to read. Figures are the least, the median and the greatest of the rounds. */
final class Table {

    private static final double MIB = 1 << 20;

    private record Row(String label, int decimals, ToDoubleFunction<Sample> figure) {}

    private static final List<Row> ROWS = List.of(
            new Row("delivered, messages/s", 0, Sample::deliveredPerSecond),
            new Row("accepted, messages/s", 0, Sample::acceptedPerSecond),
            new Row("CPU s per 1000 messages", 3, Sample::cpuPerThousand),
            new Row("memory (PSS), MiB", 0, sample -> sample.memory() / MIB));

    private final Results results;
    private final String first;
    private final Optional<String> second;
    private final List<String> lines = new ArrayList<>();

    /**
     * @param first whose figures come first and are divided
     * @param second by whose figures they are divided, if there is another
     */
    Table(Results results, String first, Optional<String> second) {
        this.results = results;
        this.first = first;
        this.second = second;
    }

    /** All of it, line by line. */
    List<String> lines(List<Case> cases) {
        lines.clear();
        cases.forEach(this::add);
        line("");
        line("Start to first delivery");
        row(
                "seconds",
                2,
                results.starts(first),
                second.map(results::starts),
                second.map(other -> results.startRatios(first, other)));
        line("");
        line("Lost: %d. Delivered more than once: %d.", results.lost(), results.repeated());
        return List.copyOf(lines);
    }

    private void add(Case load) {
        line("");
        line("%d octets, %d messages, %s in", load.octets(), load.messages(), connections(load));
        line("  %-24s %-22s %-22s %s", "", first, second.orElse(""), second.isPresent() ? "ratio" : "");
        for (Row row : ROWS) {
            row(
                    row.label(),
                    row.decimals(),
                    figures(first, load, row),
                    second.map(other -> figures(other, load, row)),
                    second.map(other -> results.ratios(first, other, load, row.figure())));
        }
    }

    private static String connections(Case load) {
        return load.connections() == 1 ? "1 connection" : load.connections() + " connections";
    }

    private List<Double> figures(String relay, Case load, Row row) {
        return results.of(relay, load).stream().map(row.figure()::applyAsDouble).toList();
    }

    private void row(
            String label,
            int decimals,
            List<Double> ours,
            Optional<List<Double>> theirs,
            Optional<List<Double>> ratios) {
        line(
                "  %-24s %-22s %-22s %s",
                label,
                spread(ours, decimals),
                theirs.map(all -> spread(all, decimals)).orElse(""),
                ratios.map(all -> spread(all, 2)).orElse(""));
    }

    private static String spread(List<Double> values, int decimals) {
        if (values.isEmpty()) {
            return "-";
        }
        Spread spread = Spread.of(values);
        String number = "%." + decimals + "f";
        return String.format(
                Locale.ROOT,
                number + " / " + number + " / " + number,
                spread.least(),
                spread.median(),
                spread.greatest());
    }

    private void line(String format, Object... arguments) {
        lines.add(String.format(Locale.ROOT, format, arguments).stripTrailing());
    }
}
