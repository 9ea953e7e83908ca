// SPDX-License-Identifier: Apache-2.0
package org.postern.core.operate;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.postern.engine.dto.QueueEntry;

/** The queue for people. What strangers wrote has its control characters made harmless. */
final class QueueText {

    private static final String BOLD = "\u001b[1m";
    private static final String FAINT = "\u001b[2m";
    private static final String PLAIN = "\u001b[0m";
    private static final long KILO = 1_000;

    private final Instant now;
    private final PrintStream out;

    QueueText(Instant now, PrintStream out) {
        this.now = now;
        this.out = out;
    }

    void entries(List<QueueEntry> entries) {
        if (entries.isEmpty()) {
            return;
        }
        out.println(BOLD
                + String.format("%-14s %5s  %-10s %5s %6s  %s", "id", "age", "state", "tries", "size", "from, to")
                + PLAIN);
        entries.forEach(this::entry);
    }

    private void entry(QueueEntry entry) {
        out.println(String.format(
                "%-14s %5s  %-10s %5d %6s  %s, %s%s",
                entry.id(),
                age(entry),
                entry.state(),
                entry.attempts(),
                size(entry.size()),
                clean("<" + entry.sender() + ">"),
                clean("<" + entry.recipients().getFirst() + ">"),
                entry.recipients().size() == 1
                        ? ""
                        : " and " + (entry.recipients().size() - 1) + " more"));
        out.println(FAINT + "    " + where(entry)
                + entry.due()
                        .map(due -> ", next try in " + span(Duration.between(now, due)))
                        .orElse("")
                + entry.reason().map(reason -> ": " + clean(reason)).orElse("") + PLAIN);
    }

    private static String where(QueueEntry entry) {
        return clean(entry.domain() + " by " + entry.binding()
                + entry.identity().map(who -> " as " + who).orElse(""));
    }

    /** One message with all that is known of it. */
    void message(List<QueueEntry> entries, String header) {
        QueueEntry first = entries.getFirst();
        out.println(BOLD + first.id() + PLAIN + ", " + size(first.size()) + ", accepted " + first.received() + ", "
                + age(first) + " ago");
        out.println("  from " + clean("<" + first.sender() + ">"));
        for (QueueEntry entry : entries) {
            out.println("  " + where(entry) + ": " + entry.state()
                    + entry.due()
                            .map(due -> ", next try " + due + ", in " + span(Duration.between(now, due)))
                            .orElse("")
                    + ", attempts " + entry.attempts());
            entry.reason().ifPresent(reason -> out.println("    because " + clean(reason)));
            entry.recipients().forEach(recipient -> out.println("    to " + clean("<" + recipient + ">")));
        }
        out.println();
        header.lines().forEach(line -> out.println(FAINT + clean(line) + PLAIN));
    }

    /** What waits for one destination. */
    void line(Summary.Line line) {
        QueueEntry oldest = line.oldest();
        out.println(String.format(
                Locale.ROOT,
                "%,9d  %s",
                line.entries(),
                clean(line.place().domain() + " by " + line.place().binding())));
        out.println(FAINT + "           "
                + line.states().entrySet().stream()
                        .map(state -> state.getKey() + " " + state.getValue())
                        .collect(Collectors.joining(", "))
                + ", oldest " + age(oldest)
                + oldest.reason().map(reason -> ": " + clean(reason)).orElse("") + PLAIN);
    }

    private String age(QueueEntry entry) {
        return span(Duration.between(entry.received(), now));
    }

    /** One unit is enough for people. */
    static String span(Duration time) {
        long seconds = Math.max(0, time.toSeconds());
        if (seconds < 120) {
            return seconds + "s";
        }
        long minutes = seconds / 60;
        if (minutes < 120) {
            return minutes + "m";
        }
        long hours = minutes / 60;
        return hours < 48 ? hours + "h" : hours / 24 + "d";
    }

    /** Octets in steps of a thousand. */
    static String size(long octets) {
        if (octets < KILO) {
            return octets + "B";
        }
        String[] units = {"kB", "MB", "GB", "TB"};
        double size = (double) octets / KILO;
        int unit = 0;
        while (size >= KILO && unit < units.length - 1) {
            size /= KILO;
            unit++;
        }
        return String.format(Locale.ROOT, size < 10 ? "%.1f%s" : "%.0f%s", size, units[unit]);
    }

    /** A terminal obeys control characters. */
    static String clean(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }
}
