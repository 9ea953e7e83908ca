// SPDX-License-Identifier: Apache-2.0
package org.postern.testkit;

import java.util.Locale;

/**
 * Octets in a dump: rows of hexadecimal digits by twos or by fours, maybe with the row's place before them and its characters
 * behind. A secret is broken over rows there, in its digits and in its characters.
 */
final class HexDump {

    private static final int LONGEST_ROW = 1000;

    private String unfinished = "";
    private String before = "";

    /**
     * Takes the next part of a text, which may end within a row.
     *
     * @param keep how many digits of the parts before come first
     * @return the digits of all rows, one after the other and in lower case; what is no row gives little or nothing
     */
    String next(String part, int keep) {
        String lines = unfinished + part;
        int end = lines.lastIndexOf('\n') + 1;
        String finished = before + digitsIn(lines.substring(0, end));
        before = finished.substring(Math.max(0, finished.length() - keep));
        unfinished = lines.substring(Math.max(end, lines.length() - LONGEST_ROW));
        return finished + digitsIn(unfinished);
    }

    private static String digitsIn(String lines) {
        StringBuilder digits = new StringBuilder();
        lines.lines().forEach(line -> digits.append(row(line)));
        return digits.toString().toLowerCase(Locale.ROOT);
    }

    // Four digits before octets by twos are the row's place; two behind octets by fours, the last of an odd number.
    private static CharSequence row(String line) {
        CharSequence twos = groups(2, line);
        CharSequence fours = groups(4, line);
        return twos.isEmpty() || fours.length() > Math.max(4, twos.length()) ? fours : twos;
    }

    /** The first groups of so many digits that stand one behind the other. */
    private static CharSequence groups(int digits, String line) {
        StringBuilder found = new StringBuilder();
        int end;
        for (int at = 0; at < line.length(); at = end + 1) {
            end = endOfWord(line, at);
            if (isGroup(digits, line, at, end)) {
                found.append(line, at, end);
            } else if (end > at && !found.isEmpty()) {
                break;
            }
        }
        return found;
    }

    private static int endOfWord(String line, int from) {
        int at = from;
        while (at < line.length() && " \t|:".indexOf(line.charAt(at)) < 0) {
            at++;
        }
        return at;
    }

    private static boolean isGroup(int digits, String line, int from, int to) {
        // Before a colon stands the row's place, or the hour of a line in a log.
        boolean group = to - from == digits && (to == line.length() || line.charAt(to) != ':');
        for (int at = from; at < to && group; at++) {
            group = Character.digit(line.charAt(at), 16) >= 0;
        }
        return group;
    }
}
