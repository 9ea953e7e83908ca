// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.file;

import java.util.Locale;

/** Keys and names of files in the log: on one line, of bearable length, shown and not obeyed. */
final class Printable {

    private static final int LONGEST = 200;

    private Printable() {}

    /** The text on one line in quotes, with control characters as escapes, cut off where it is long. */
    static String quoted(String text) {
        StringBuilder safe = new StringBuilder("\"");
        text.codePoints().limit(LONGEST).forEach(point -> {
            if (isUnsafe(point)) {
                safe.append(String.format(Locale.ROOT, "\\u%04x", point));
            } else {
                safe.appendCodePoint(point);
            }
        });
        return safe.append(text.codePointCount(0, text.length()) > LONGEST ? "…\"" : "\"")
                .toString();
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
