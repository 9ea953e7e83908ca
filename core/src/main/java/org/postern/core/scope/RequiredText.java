// SPDX-License-Identifier: Apache-2.0
package org.postern.core.scope;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A text that occurs wherever a pattern does, as far as it shows without understanding the pattern: the longest run of plain
 * characters outside of groups. Whether a name contains it is told much faster than whether the pattern matches.
 */
final class RequiredText {

    // Flags and quotes change how what follows is read; other escapes of letters have arguments.
    private static final Pattern NOT_UNDERSTOOD =
            Pattern.compile("[^\\x20-\\x7e]|\\(\\?[A-Za-z^-]|\\\\[A-Za-z0-9&&[^dDwWsSbBAzZ]]|\\[\\^?]|\\[[^]]*\\[");

    private final String pattern;
    private final StringBuilder run = new StringBuilder();
    private String longest = "";
    private int next;

    private RequiredText(String pattern) {
        this.pattern = pattern;
    }

    /** The text, as it occurs in names in lower case; empty where the pattern is not understood or demands no text. */
    static String of(Pattern pattern) {
        if ((pattern.flags() & ~Pattern.CASE_INSENSITIVE) != 0
                || NOT_UNDERSTOOD.matcher(pattern.pattern()).find()) {
            return "";
        }
        String text = new RequiredText(pattern.pattern()).read();
        return pattern.flags() == 0 ? text : text.toLowerCase(Locale.ROOT);
    }

    private String read() {
        while (next < pattern.length()) {
            char c = pattern.charAt(next++);
            switch (c) {
                case '|' -> {
                    return "";
                }
                case '(' -> skipGroup();
                case '[' -> skipClass();
                case '{' -> {
                    endBeforeLast();
                    next = pattern.indexOf('}', next) + 1;
                }
                case '?', '*' -> endBeforeLast();
                case '.', '^', '$', '+' -> end();
                case '\\' -> readEscape();
                default -> run.append(c);
            }
        }
        end();
        return longest;
    }

    private void readEscape() {
        char escaped = pattern.charAt(next++);
        if (Character.isLetterOrDigit(escaped)) {
            end();
        } else {
            run.append(escaped);
        }
    }

    private void skipGroup() {
        end();
        for (int depth = 1; depth > 0; ) {
            switch (pattern.charAt(next++)) {
                case '(' -> depth++;
                case ')' -> depth--;
                case '[' -> skipClass();
                case '\\' -> next++;
                default -> {}
            }
        }
    }

    private void skipClass() {
        end();
        for (char c = pattern.charAt(next++); c != ']'; c = pattern.charAt(next++)) {
            if (c == '\\') {
                next++;
            }
        }
    }

    /** The last character may be missing. */
    private void endBeforeLast() {
        run.setLength(Math.max(0, run.length() - 1));
        end();
    }

    private void end() {
        if (run.length() > longest.length()) {
            longest = run.toString();
        }
        run.setLength(0);
    }
}
