// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.library;

import org.postern.policy.lua.run.Arguments;
import org.postern.policy.lua.run.Values;

/**
 * A Lua pattern applied to one subject. It goes back and tries again as Lua's own does, so a bad pattern takes long; but
 * every step is paid for, and the call ends when its budget does.
 */
final class Pattern {

    private static final int MOST_CAPTURES = 32;
    private static final int DEEPEST = 200;
    private static final int NO_MATCH = -1;
    private static final int OPEN = -1;
    private static final int POSITION = -2;

    private final Arguments call;
    private final String subject;
    private final String pattern;
    private final int[] starts = new int[MOST_CAPTURES];
    private final int[] lengths = new int[MOST_CAPTURES];
    private int captures;
    private int depth;

    Pattern(Arguments call, String subject, String pattern) {
        this.call = call;
        this.subject = subject;
        this.pattern = pattern;
    }

    /** Where the match ends that begins exactly here, with the pattern from {@code at} on; -1 if there is none. */
    int matchAt(int start, int at) {
        captures = 0;
        depth = 0;
        return match(start, at);
    }

    /** The captures of the last match; the whole match if there are none. */
    Object[] captures(int start, int end) {
        if (captures == 0) {
            return Values.one(subject.substring(start, end));
        }
        return justCaptures();
    }

    /** The captures of the last match, perhaps none. */
    Object[] justCaptures() {
        Object[] values = new Object[captures];
        for (int i = 0; i < captures; i++) {
            values[i] = capture(i);
        }
        return values;
    }

    private Object capture(int index) {
        return switch (lengths[index]) {
            case OPEN -> throw call.error("unfinished capture");
            case POSITION -> Values.number(starts[index] + 1L);
            default -> subject.substring(starts[index], starts[index] + lengths[index]);
        };
    }

    /** A capture for a replacement: 0 is the whole match, and so is 1 where there are no captures. */
    Object captureForReplacement(int number, int start, int end) {
        if (number == 0 || number == 1 && captures == 0) {
            return subject.substring(start, end);
        }
        if (number > captures) {
            throw call.error("invalid capture index");
        }
        return capture(number - 1);
    }

    private int match(int start, int from) {
        if (++depth > DEEPEST) {
            throw call.error("pattern too complex");
        }
        int end = matchHere(start, from);
        depth--;
        return end;
    }

    private int matchHere(int start, int from) {
        int s = start;
        int p = from;
        while (p < pattern.length()) {
            call.budget().charge(1);
            char c = pattern.charAt(p);
            if (c == '(') {
                return openCapture(s, p);
            } else if (c == ')') {
                return closeCapture(s, p + 1);
            } else if (c == '$' && p + 1 == pattern.length()) {
                return s == subject.length() ? s : NO_MATCH;
            } else if (c == '%' && p + 1 < pattern.length() && pattern.charAt(p + 1) == 'b') {
                s = balance(s, p + 2);
                p += 4;
            } else if (c == '%' && p + 1 < pattern.length() && pattern.charAt(p + 1) == 'f') {
                int next = frontier(s, p + 2);
                s = next < 0 ? NO_MATCH : s;
                p = next;
            } else if (c == '%' && p + 1 < pattern.length() && Lexical.isDigit(pattern.charAt(p + 1))) {
                s = backReference(s, pattern.charAt(p + 1));
                p += 2;
            } else {
                int next = itemEnd(p);
                char suffix = next < pattern.length() ? pattern.charAt(next) : 0;
                switch (suffix) {
                    case '?' -> {
                        int rest = matches(s, p, next) ? match(s + 1, next + 1) : NO_MATCH;
                        if (rest != NO_MATCH) {
                            return rest;
                        }
                        p = next + 1;
                    }
                    case '*' -> {
                        return longest(s, p, next);
                    }
                    case '+' -> {
                        return matches(s, p, next) ? longest(s + 1, p, next) : NO_MATCH;
                    }
                    case '-' -> {
                        return shortest(s, p, next);
                    }
                    default -> {
                        s = matches(s, p, next) ? s + 1 : NO_MATCH;
                        p = next;
                    }
                }
            }
            if (s == NO_MATCH) {
                return NO_MATCH;
            }
        }
        return s;
    }

    private int longest(int s, int p, int itemEnd) {
        int count = 0;
        while (matches(s + count, p, itemEnd)) {
            call.budget().charge(1);
            count++;
        }
        while (count >= 0) {
            int end = match(s + count, itemEnd + 1);
            if (end != NO_MATCH) {
                return end;
            }
            count--;
        }
        return NO_MATCH;
    }

    private int shortest(int start, int p, int itemEnd) {
        for (int s = start; ; s++) {
            int end = match(s, itemEnd + 1);
            if (end != NO_MATCH) {
                return end;
            }
            if (!matches(s, p, itemEnd)) {
                return NO_MATCH;
            }
        }
    }

    private int openCapture(int s, int p) {
        boolean position = p + 1 < pattern.length() && pattern.charAt(p + 1) == ')';
        if (captures >= MOST_CAPTURES) {
            throw call.error("too many captures");
        }
        starts[captures] = s;
        lengths[captures] = position ? POSITION : OPEN;
        captures++;
        int end = match(s, position ? p + 2 : p + 1);
        if (end == NO_MATCH) {
            captures--;
        }
        return end;
    }

    private int closeCapture(int s, int p) {
        int open = captures - 1;
        while (open >= 0 && lengths[open] != OPEN) {
            open--;
        }
        if (open < 0) {
            throw call.error("invalid pattern capture");
        }
        lengths[open] = s - starts[open];
        int end = match(s, p);
        if (end == NO_MATCH) {
            lengths[open] = OPEN;
        }
        return end;
    }

    private int balance(int s, int p) {
        if (p + 1 >= pattern.length()) {
            throw call.error("unbalanced pattern");
        }
        if (s >= subject.length() || subject.charAt(s) != pattern.charAt(p)) {
            return NO_MATCH;
        }
        char open = pattern.charAt(p);
        char close = pattern.charAt(p + 1);
        int nested = 1;
        for (int at = s + 1; at < subject.length(); at++) {
            call.budget().charge(1);
            char c = subject.charAt(at);
            if (c == close) {
                if (--nested == 0) {
                    return at + 1;
                }
            } else if (c == open) {
                nested++;
            }
        }
        return NO_MATCH;
    }

    /** Where the pattern goes on if the frontier is here, and otherwise -1. */
    private int frontier(int s, int p) {
        if (p >= pattern.length() || pattern.charAt(p) != '[') {
            throw call.error("missing '[' after '%f' in pattern");
        }
        int end = itemEnd(p);
        char before = s == 0 ? 0 : subject.charAt(s - 1);
        char here = s < subject.length() ? subject.charAt(s) : 0;
        return !inSet(before, p, end - 1) && inSet(here, p, end - 1) ? end : NO_MATCH;
    }

    private int backReference(int s, char digit) {
        int index = digit - '1';
        if (index < 0 || index >= captures || lengths[index] == OPEN) {
            throw call.error("invalid capture index");
        }
        int length = Math.max(0, lengths[index]);
        call.budget().chargeOctets(length);
        return subject.regionMatches(s, subject, starts[index], length) ? s + length : NO_MATCH;
    }

    /** The end of the single item that begins here. */
    private int itemEnd(int start) {
        int p = start + 1;
        if (pattern.charAt(start) == '%') {
            if (p >= pattern.length()) {
                throw call.error("malformed pattern (ends with '%')");
            }
            return p + 1;
        }
        if (pattern.charAt(start) != '[') {
            return p;
        }
        if (p < pattern.length() && pattern.charAt(p) == '^') {
            p++;
        }
        do {
            if (p >= pattern.length()) {
                throw call.error("malformed pattern (missing ']')");
            }
            boolean escaped = pattern.charAt(p) == '%';
            p++;
            if (escaped && p < pattern.length()) {
                p++;
            }
        } while (p >= pattern.length() || pattern.charAt(p) != ']');
        return p + 1;
    }

    private boolean matches(int s, int p, int itemEnd) {
        if (s >= subject.length()) {
            return false;
        }
        char c = subject.charAt(s);
        return switch (pattern.charAt(p)) {
            case '.' -> true;
            case '%' -> Lexical.isInClass(c, pattern.charAt(p + 1));
            case '[' -> inSet(c, p, itemEnd - 1);
            default -> pattern.charAt(p) == c;
        };
    }

    /** @param end where the closing bracket is */
    private boolean inSet(char c, int start, int end) {
        call.budget().charge(end - start >> 3);
        int p = start + 1;
        boolean wanted = pattern.charAt(p) != '^';
        if (!wanted) {
            p++;
        }
        while (p < end) {
            char item = pattern.charAt(p);
            if (item == '%') {
                if (Lexical.isInClass(c, pattern.charAt(p + 1))) {
                    return wanted;
                }
                p += 2;
            } else if (p + 2 < end && pattern.charAt(p + 1) == '-') {
                if (item <= c && c <= pattern.charAt(p + 2)) {
                    return wanted;
                }
                p += 3;
            } else {
                if (item == c) {
                    return wanted;
                }
                p++;
            }
        }
        return !wanted;
    }
}
