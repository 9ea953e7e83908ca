// SPDX-License-Identifier: Apache-2.0
package org.postern.core.audit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.stream.Stream;

/** Several logs as one, in the order of time, for people or for programs. Holds one line of each log at a time. */
final class AuditReport {

    /** Least widths: a table that is written line by line cannot know its longest value. */
    private static final int[] WIDTHS = {20, 28, 16, 28, 10, 26};

    private static final List<String> HEADINGS =
            List.of("TIME", "WHO", "WHAT", "CREDENTIAL", "VERSION", "WHERE", "RESULT");

    private final AuditQuestion question;
    private final PrintStream out;
    private final PrintStream err;
    private boolean broken;
    private long shown;

    AuditReport(AuditQuestion question, PrintStream out, PrintStream err) {
        this.question = question;
        this.out = out;
        this.err = err;
    }

    /**
     * Shows what is wanted of these logs.
     *
     * @return whether all lines could be read
     * @throws IOException if a file cannot be read
     */
    boolean show(List<Path> logs) throws IOException {
        PriorityQueue<Source> sources = new PriorityQueue<>(
                Comparator.comparing((Source source) -> source.next().when()));
        List<Source> opened = new ArrayList<>();
        try {
            for (Path log : logs) {
                Source source = new Source(log);
                opened.add(source);
                if (source.advance()) {
                    sources.add(source);
                }
            }
            while (!sources.isEmpty()) {
                Source first = sources.remove();
                show(first.next());
                if (first.advance()) {
                    sources.add(first);
                }
            }
        } finally {
            for (Source source : opened) {
                source.close();
            }
        }
        if (shown == 0 && !question.json()) {
            out.println("There is nothing of that kind in " + (logs.size() == 1 ? "this log." : "these logs."));
        }
        return !broken;
    }

    private void show(AuditLine line) {
        if (!question.wants(line)) {
            return;
        }
        if (question.json()) {
            out.println(line.text());
            return;
        }
        if (shown++ == 0) {
            out.println(row(HEADINGS));
        }
        if (line.value("change").isPresent()) {
            changes(line);
        } else {
            out.println(row(List.of(
                    time(line),
                    user(line),
                    said(line, "event"),
                    said(line, "reference"),
                    said(line, "version"),
                    said(line, "peer"),
                    result(line))));
        }
    }

    /** A line of a vault: one row for each entry that was changed. */
    private void changes(AuditLine line) {
        String what = "vault " + said(line, "change");
        List<String> keys = values(line, "key");
        List<String> versions = values(line, "version");
        if (keys.isEmpty()) {
            out.println(row(List.of(time(line), said(line, "by"), what, "-", "-", "-", "done")));
        }
        for (int i = 0; i < keys.size(); i++) {
            if (question.isAbout(keys.get(i)) || question.isAbout(said(line, "by"))) {
                String version = versions.get(i).equals("null") ? "-" : versions.get(i);
                out.println(row(List.of(time(line), said(line, "by"), what, keys.get(i), version, "-", "done")));
            }
        }
    }

    private static List<String> values(AuditLine line, String name) {
        return line.members().stream()
                .filter(member -> member.name().equals(name))
                .map(AuditLine.Member::value)
                .toList();
    }

    private static String time(AuditLine line) {
        return line.when().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static String user(AuditLine line) {
        String user = said(line, "user");
        return line.value("authorization").map(other -> user + " for " + other).orElse(user);
    }

    private static String result(AuditLine line) {
        String result = said(line, "result");
        Optional<String> more = line.value("reply").or(() -> line.value("reason"));
        return more.map(why -> result + ": " + why).orElse(result);
    }

    private static String said(AuditLine line, String name) {
        return line.value(name).filter(value -> !value.isEmpty()).orElse("-");
    }

    private static String row(List<String> cells) {
        StringBuilder row = new StringBuilder();
        for (int i = 0; i < cells.size(); i++) {
            row.append(cells.get(i));
            if (i < WIDTHS.length) {
                row.append(" ".repeat(Math.max(0, WIDTHS[i] - cells.get(i).length()) + 2));
            }
        }
        return row.toString();
    }

    /** The logs that a name on the command line means: those of a directory, or itself. */
    static List<Path> logsAt(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return List.of(path);
        }
        try (Stream<Path> files = Files.list(path)) {
            return files.filter(file -> isLog(file.getFileName().toString()))
                    .sorted()
                    .toList();
        }
    }

    private static boolean isLog(String name) {
        return name.endsWith(".audit") || name.matches("audit\\.log(\\.[0-9TZ.]+(-[0-9]+)?)?");
    }

    /** One log, and where it has been read to. */
    private final class Source implements AutoCloseable {

        private final Path file;
        private final BufferedReader lines;
        private AuditLine next;
        private long number;
        private boolean complained;

        Source(Path file) throws IOException {
            this.file = file;
            this.lines = new BufferedReader(new InputStreamReader(
                    Files.newInputStream(file),
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .onMalformedInput(CodingErrorAction.REPLACE)
                            .onUnmappableCharacter(CodingErrorAction.REPLACE)));
        }

        AuditLine next() {
            return next;
        }

        boolean advance() throws IOException {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                Optional<AuditLine> read = AuditLine.of(line);
                if (read.isPresent()) {
                    next = read.get();
                    return true;
                }
                complain();
            }
            return false;
        }

        private void complain() {
            broken = true;
            if (!complained) {
                err.println("audit: " + file + ": line " + number + " is no line of such a log, or is not whole; "
                        + "what is like it is left out");
            }
            complained = true;
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }
}
