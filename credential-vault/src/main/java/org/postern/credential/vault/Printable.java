// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault;

import java.util.Locale;

/**
 * Text of other tools and callers on the operator's terminal and in the log: control characters are shown, not obeyed.
 */
public final class Printable {

    private Printable() {}

    /** The text on one line, with control characters as escapes. */
    public static String of(String text) {
        StringBuilder safe = new StringBuilder();
        text.codePoints().forEach(point -> {
            if (isUnsafe(point)) {
                safe.append(String.format(Locale.ROOT, "\\u%04x", point));
            } else {
                safe.appendCodePoint(point);
            }
        });
        return safe.toString();
    }

    /** A string of JSON (RFC 8259), with its quotes. */
    public static String json(String text) {
        return '"' + of(text.replace("\\", "\\\\").replace("\"", "\\\"")) + '"';
    }

    private static boolean isUnsafe(int point) {
        int type = Character.getType(point);
        return Character.isISOControl(point)
                || type == Character.FORMAT && point <= 0xffff
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR;
    }
}
