// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.text;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.postern.policy.lua.run.Budget;

/**
 * A pattern in PCRE's syntax, run by Java's engine, which understands nearly all of it. What differs in the names of
 * groups is rewritten. The engine goes back and tries again, so a bad pattern takes long; but every character that it
 * looks at is paid for, and the call ends when its budget does.
 *
 * @param pattern what Java runs
 * @param names the pattern's own names of groups and what they are called in it
 */
record Regex(Pattern pattern, Map<String, String> names) {

    /** Octets of a pattern. Compiling takes up to the square of its length, and nothing interrupts it. */
    private static final int LONGEST = 4_096;

    /** @throws PatternSyntaxException if it is no pattern, or too long to be one */
    static Regex compile(String text) {
        if (text.length() > LONGEST) {
            throw new PatternSyntaxException("the pattern is longer than " + LONGEST + " octets", "", -1);
        }
        Map<String, String> names = new LinkedHashMap<>();
        return new Regex(Pattern.compile(rewrite(text, names)), names);
    }

    private static String rewrite(String text, Map<String, String> names) {
        StringBuilder java = new StringBuilder();
        boolean inClass = false;
        for (int at = 0; at < text.length(); ) {
            char c = text.charAt(at);
            if (c == '\\' && at + 1 < text.length()) {
                java.append(c).append(text.charAt(at + 1));
                at += 2;
            } else if (inClass && text.startsWith("[:", at) && text.indexOf(":]", at) > 0) {
                int end = text.indexOf(":]", at);
                java.append(posix(text.substring(at + 2, end)));
                at = end + 2;
            } else if (inClass) {
                inClass = c != ']' || text.charAt(at - 1) == '[' || text.startsWith("[^", at - 2);
                // PCRE's classes hold no classes, so that a bracket or an ampersand in one means itself.
                java.append(c == '[' || c == '&' ? "\\" + c : c);
                at++;
            } else if (text.startsWith("(?P=", at) && text.indexOf(')', at) > 0) {
                int end = text.indexOf(')', at);
                java.append("\\k<")
                        .append(javaName(names, text.substring(at + 4, end)))
                        .append('>');
                at = end + 1;
            } else if (nameAt(text, at) > 0 && text.indexOf('>', at) > 0) {
                int end = text.indexOf('>', at);
                java.append("(?<")
                        .append(javaName(names, text.substring(nameAt(text, at), end)))
                        .append('>');
                at = end + 1;
            } else {
                inClass = c == '[';
                java.append(c);
                at++;
            }
        }
        return java.toString();
    }

    /** What {@code [:name:]} is called in Java; an unknown name stays one. */
    private static String posix(String name) {
        boolean not = name.startsWith("^");
        String plain = not ? name.substring(1) : name;
        return switch (plain) {
            case "" -> "";
            case "word" -> not ? "\\W" : "\\w";
            case "xdigit" -> not ? "\\P{XDigit}" : "\\p{XDigit}";
            default -> (not ? "\\P{" : "\\p{") + Character.toUpperCase(plain.charAt(0)) + plain.substring(1) + '}';
        };
    }

    /** Where the name begins if a named group does; 0 if not. */
    private static int nameAt(String text, int at) {
        if (text.startsWith("(?P<", at)) {
            return at + 4;
        }
        boolean named = text.startsWith("(?<", at) && !text.startsWith("(?<=", at) && !text.startsWith("(?<!", at);
        return named ? at + 3 : 0;
    }

    /** Java's names have no underscores. */
    private static String javaName(Map<String, String> names, String name) {
        return names.computeIfAbsent(name, ignored -> "n" + (names.size() + 1));
    }

    /** A subject that pays for every look at it. */
    record Paid(CharSequence text, Budget budget) implements CharSequence {

        @Override
        public char charAt(int index) {
            budget.charge(1);
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }
}
