// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.datasource;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The placeholders of a statement, {@code ?}, {@code :name} or {@code $name}, rewritten to the one form that all drivers
 * take. What stands in quotes or comments is left alone, and so is a cast such as {@code a::text}.
 *
 * @param sql the statement with a {@code ?} for each placeholder
 * @param keys what each placeholder is bound to: a name without its sign, or the position from 1 as digits
 */
record Placeholders(String sql, List<String> keys) {

    Placeholders {
        keys = List.copyOf(keys);
    }

    /** @throws IllegalArgumentException if both kinds are mixed */
    static Placeholders in(String statement) {
        return new Scan(statement).run();
    }

    /** The parameters in the order of the placeholders, with those that are missing as null. */
    List<Object> bind(Function<String, Object> parameters) {
        List<Object> values = new ArrayList<>(keys.size());
        keys.forEach(key -> values.add(parameters.apply(key)));
        return values;
    }

    private static final class Scan {

        private final String from;
        private final StringBuilder to = new StringBuilder();
        private final List<String> keys = new ArrayList<>();
        private boolean positions;
        private boolean names;
        private int at;

        Scan(String from) {
            this.from = from;
        }

        Placeholders run() {
            while (at < from.length()) {
                step(from.charAt(at));
            }
            if (positions && names) {
                throw new IllegalArgumentException("a statement uses ? or names as placeholders, not both");
            }
            return new Placeholders(to.toString(), keys);
        }

        private void step(char c) {
            switch (c) {
                case '\'', '"', '`' -> copyTo(closing(c, at + 1));
                case '-' -> copyTo(from.startsWith("--", at) ? endOf("\n", at) : at + 1);
                case '/' -> copyTo(from.startsWith("/*", at) ? endOf("*/", at + 2) : at + 1);
                case '?' -> {
                    positions = true;
                    keys.add(String.valueOf(keys.size() + 1));
                    copyTo(at + 1);
                }
                case ':', '$' -> sign(c);
                default -> word();
            }
        }

        /** Copies a word whole, so that a sign within one, as in {@code a$b}, is no placeholder. */
        private void word() {
            int end = at;
            while (end < from.length() && (isNamePart(from.charAt(end)) || end > at && from.charAt(end) == '$')) {
                end++;
            }
            copyTo(Math.max(end, at + 1));
        }

        private void sign(char sign) {
            int end = at + 1;
            while (end < from.length() && isNamePart(from.charAt(end))) {
                end++;
            }
            if (sign == '$' && end < from.length() && from.charAt(end) == '$') {
                // PostgreSQL's dollar quotes: $$ … $$ or $tag$ … $tag$.
                copyTo(endOf(from.substring(at, end + 1), end + 1));
            } else if (sign == ':' && from.startsWith("::", at)) {
                copyTo(at + 2);
            } else if (end == at + 1) {
                copyTo(end);
            } else {
                names = true;
                keys.add(from.substring(at + 1, end));
                to.append('?');
                at = end;
            }
        }

        private static boolean isNamePart(char c) {
            return Character.isLetterOrDigit(c) || c == '_';
        }

        private int closing(char quote, int start) {
            int end = from.indexOf(quote, start);
            return end < 0 ? from.length() : end + 1;
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
