// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.text;

import java.util.Locale;

/**
 * What peers, servers, files and callers said, on an operator's terminal and in the log: on one line, shown and not obeyed.
 * Control characters, invisible ones and those that end a line or turn the direction of writing become escapes of the
 * form {@code \}{@code u001b}.
 */
public final class Printable {

    /** Characters (code points) that {@link #of} and {@link #quoted} show. */
    public static final int LONGEST = 200;

    private Printable() {}

    /** The text, cut off with an ellipsis after {@value #LONGEST} characters. */
    public static String of(String text) {
        int end = text.offsetByCodePoints(0, Math.min(LONGEST, text.codePointCount(0, text.length())));
        return end == text.length() ? whole(text) : whole(text.substring(0, end)) + "…";
    }

    /** The same in quotes. */
    public static String quoted(String text) {
        return '"' + of(text) + '"';
    }

    /** All of the text, however long. */
    public static String whole(String text) {
        return text.codePoints().anyMatch(Printable::isUnsafe) ? escaped(text) : text;
    }

    /** All of the text as a string of JSON (RFC 8259 section 7), with its quotes. */
    public static String json(String text) {
        return '"' + whole(text.replace("\\", "\\\\").replace("\"", "\\\"")) + '"';
    }

    private static String escaped(String text) {
        StringBuilder safe = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(point -> {
            if (isUnsafe(point)) {
                escape(point, safe);
            } else {
                safe.appendCodePoint(point);
            }
        });
        return safe.toString();
    }

    private static void escape(int point, StringBuilder safe) {
        for (char unit : Character.toChars(point)) {
            safe.append(String.format(Locale.ROOT, "\\u%04x", (int) unit));
        }
    }

    private static boolean isUnsafe(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }
}
