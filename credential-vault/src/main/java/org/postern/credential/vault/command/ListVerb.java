// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault.command;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.postern.credential.vault.command.Arguments.UsageException;
import org.postern.credential.vault.document.VaultEntry;
import org.postern.spi.text.Printable;

/** Shows what is in a vault, but for the secrets. */
final class ListVerb implements Verb {

    private static final String JSON = "--json";

    @Override
    public Set<String> flags() {
        return Set.of(JSON);
    }

    @Override
    public String help() {
        return """
                Usage: postern vault list [--json]

                Shows key, user, mechanism, hosts, last change, expiry, number of states and note of every entry, and
                whether a next secret waits to be promoted. Never a secret.

                  --json                 as a JSON array
                %s""".formatted(VaultChoice.HELP);
    }

    /** What is shown of an entry. */
    private record Line(
            String key,
            String user,
            Optional<String> mechanism,
            Set<String> hosts,
            Optional<Instant> changed,
            Optional<Instant> expiry,
            int versions,
            boolean next,
            String note) {

        static Line of(VaultEntry entry) {
            return new Line(
                    entry.title(),
                    entry.user(),
                    entry.mechanism(),
                    entry.hosts(),
                    entry.modified(),
                    entry.expiry(),
                    entry.history() + 1,
                    entry.hasNext(),
                    entry.note());
        }

        List<String> cells(Instant now) {
            return List.of(
                    Printable.whole(key),
                    Printable.whole(user),
                    Printable.whole(mechanism.orElse("-")),
                    hosts.isEmpty() ? "any" : Printable.whole(String.join(" ", hosts)),
                    changed.map(Line::minute).orElse("-"),
                    expiry.map(end -> minute(end) + (end.isAfter(now) ? "" : " EXPIRED"))
                            .orElse("never"),
                    versions + (next ? " +next" : ""),
                    Printable.whole(note));
        }

        String json(Instant now) {
            return "{\"key\":" + Printable.json(key)
                    + ",\"user\":" + Printable.json(user)
                    + ",\"mechanism\":" + mechanism.map(Printable::json).orElse("null")
                    + ",\"hosts\":" + hosts.stream().map(Printable::json).collect(Collectors.joining(",", "[", "]"))
                    + ",\"changed\":" + time(changed)
                    + ",\"expires\":" + time(expiry)
                    + ",\"expired\":" + expiry.filter(end -> !end.isAfter(now)).isPresent()
                    + ",\"versions\":" + versions
                    + ",\"next\":" + next
                    + ",\"note\":" + Printable.json(note) + "}";
        }

        private static String time(Optional<Instant> time) {
            return time.map(instant -> Printable.json(instant.toString())).orElse("null");
        }

        private static String minute(Instant time) {
            return time.truncatedTo(ChronoUnit.MINUTES)
                    .toString()
                    .replace(":00Z", "Z")
                    .replace("T", " ");
        }
    }

    @Override
    public void run(Call call) throws UsageException, IOException {
        call.arguments().noOperands();
        List<Line> lines = call.vault()
                .read(document -> document.entries().stream()
                        .map(Line::of)
                        .sorted(Comparator.comparing(Line::key))
                        .toList());
        Instant now = call.clock().instant();
        if (call.arguments().has(JSON)) {
            call.out().println(lines.stream().map(line -> line.json(now)).collect(Collectors.joining(",", "[", "]")));
        } else {
            table(lines, now, call.out());
        }
        warnOfDuplicates(lines, call.err());
    }

    private static void table(List<Line> lines, Instant now, PrintStream out) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("KEY", "USER", "MECHANISM", "HOSTS", "CHANGED (UTC)", "EXPIRES (UTC)", "VERSIONS", "NOTE"));
        lines.forEach(line -> rows.add(line.cells(now)));
        int[] widths = new int[rows.get(0).size()];
        rows.forEach(row -> {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], length(row.get(i)));
            }
        });
        rows.forEach(row -> out.println(padded(row, widths)));
    }

    private static String padded(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            line.append(row.get(i)).append(" ".repeat(widths[i] - length(row.get(i)) + 2));
        }
        return line.toString().stripTrailing();
    }

    private static int length(String cell) {
        return cell.codePointCount(0, cell.length());
    }

    private static void warnOfDuplicates(List<Line> lines, PrintStream err) {
        lines.stream()
                .collect(Collectors.groupingBy(Line::key, Collectors.counting()))
                .forEach((key, count) -> {
                    if (count > 1) {
                        err.println("postern vault: " + count + " entries are called \"" + Printable.whole(key)
                                + "\"; none of them is used until all but one are renamed or deleted");
                    }
                });
    }
}
