// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.jdbc.database;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * One statement that reads, with parameters {@code :name}. Values travel apart from the text and cannot change it. What
 * stands in quotes or comments is left alone, and so is a cast such as {@code a::text}.
 *
 * @param sql the statement with a {@code ?} for each parameter
 * @param parameters the names, one for each {@code ?}, in order
 */
public record NamedQuery(String sql, List<String> parameters) {

    private static final Set<String> BEGINNINGS = Set.of("select", "with");

    /** Words with which a common table expression, or what stands behind it, would write. */
    private static final Set<String> WRITING = Set.of("insert", "update", "delete", "merge", "into");

    /** Copies the list. */
    public NamedQuery {
        parameters = List.copyOf(parameters);
    }

    /**
     * Reads a statement.
     *
     * @param known the names that there are
     * @throws IllegalArgumentException if it is not one statement that reads, or uses other names; the text says which
     */
    public static NamedQuery of(String statement, Set<String> known) {
        Scan scan = new Scan(statement);
        NamedQuery query = scan.run();
        if (scan.words.isEmpty() || !BEGINNINGS.contains(scan.words.getFirst())) {
            throw new IllegalArgumentException("is not a SELECT");
        }
        scan.words.stream().filter(WRITING::contains).findFirst().ifPresent(word -> {
            throw new IllegalArgumentException("has the word " + word.toUpperCase(Locale.ROOT)
                    + ", and only reads; a column of that name goes in quotes");
        });
        Set<String> unknown = new TreeSet<>(query.parameters);
        unknown.removeAll(known);
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("uses :" + String.join(", :", unknown)
                    + (known.isEmpty()
                            ? ", and has no parameters"
                            : "; there is :" + String.join(", :", new TreeSet<>(known))));
        }
        return query;
    }

    private static final class Scan {

        private final String from;
        private final StringBuilder to = new StringBuilder();
        private final List<String> names = new ArrayList<>();
        private final List<String> words = new ArrayList<>();
        private int at;

        Scan(String from) {
            this.from = from;
        }

        NamedQuery run() {
            while (at < from.length()) {
                step(from.charAt(at));
            }
            return new NamedQuery(to.toString(), names);
        }

        private void step(char c) {
            switch (c) {
                case '\'', '"', '`' -> copyTo(closing(c));
                case '-' -> copyTo(from.startsWith("--", at) ? endOf("\n", at) : at + 1);
                case '#' -> throw new IllegalArgumentException("has a # outside of quotes; comments begin with --");
                case '/' -> copyTo(from.startsWith("/*", at) ? endOfComment() : at + 1);
                case '?' ->
                    throw new IllegalArgumentException(
                            "has a ? outside of quotes; parameters have names, such as :key");
                case ';' -> end();
                case ':' -> parameter();
                case '$' -> dollar();
                default -> word();
            }
        }

        /** MySQL executes what stands in such a comment. */
        private int endOfComment() {
            if (from.startsWith("/*!", at) || from.startsWith("/*M!", at)) {
                throw new IllegalArgumentException("has a comment that MySQL would execute");
            }
            return endOf("*/", at + 2);
        }

        private void end() {
            if (!from.substring(at + 1).isBlank()) {
                throw new IllegalArgumentException("goes on after a semicolon; it has to be one statement");
            }
            at = from.length();
        }

        private void parameter() {
            int end = at + 1;
            while (end < from.length() && isNamePart(from.charAt(end))) {
                end++;
            }
            if (from.startsWith("::", at)) {
                copyTo(at + 2);
            } else if (end == at + 1) {
                copyTo(end);
            } else {
                names.add(from.substring(at + 1, end));
                to.append('?');
                at = end;
            }
        }

        /** PostgreSQL's dollar quotes: {@code $$ … $$} or {@code $tag$ … $tag$}. */
        private void dollar() {
            int end = at + 1;
            while (end < from.length() && isNamePart(from.charAt(end))) {
                end++;
            }
            boolean quote = end < from.length() && from.charAt(end) == '$';
            copyTo(quote ? endOf(from.substring(at, end + 1), end + 1) : end);
        }

        private void word() {
            int end = at;
            while (end < from.length() && (isNamePart(from.charAt(end)) || end > at && from.charAt(end) == '$')) {
                end++;
            }
            if (end > at) {
                words.add(from.substring(at, end).toLowerCase(Locale.ROOT));
            }
            copyTo(Math.max(end, at + 1));
        }

        private static boolean isNamePart(char c) {
            return Character.isLetterOrDigit(c) || c == '_';
        }

        private int closing(char quote) {
            int end = from.indexOf(quote, at + 1);
            if (end < 0) {
                throw new IllegalArgumentException("has a quote that is not closed");
            }
            if (from.substring(at, end).indexOf('\\') >= 0) {
                throw new IllegalArgumentException("has a backslash in quotes, which databases read in different ways");
            }
            return end + 1;
        }

        private int endOf(String mark, int start) {
            int end = from.indexOf(mark, start);
            return end < 0 ? from.length() : end + mark.length();
        }

        private void copyTo(int end) {
            to.append(from, at, end);
            at = end;
        }
    }
}
