// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.jdbc;

import java.util.Locale;

/** What databases and callers said, in the log: on one line, of bearable length, shown and not obeyed. */
public final class Printable {

    private static final int LONGEST = 200;

    private Printable() {}

    /** The text on one line, with control characters as escapes, cut off where it is long. */
    public static String of(String text) {
        StringBuilder safe = new StringBuilder();
        text.codePoints().limit(LONGEST).forEach(point -> {
            if (isUnsafe(point)) {
                safe.append(String.format(Locale.ROOT, "\\u%04x", point));
            } else {
                safe.appendCodePoint(point);
            }
        });
        return text.codePointCount(0, text.length()) > LONGEST ? safe + "…" : safe.toString();
    }

    /** The same in quotes. */
    public static String quoted(String text) {
        return '"' + of(text) + '"';
    }

    private static boolean isUnsafe(int point) {
        int type = Character.getType(point);
        return Character.isISOControl(point)
                || type == Character.FORMAT
                || type == Character.SURROGATE
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR;
    }
}
