// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store.language;

import org.postern.spi.settings.Origin;

/** A text and a position in it that knows its line and column. Columns count code points, from 1. */
final class Characters {

    /** What {@link #peek()} answers behind the last character. */
    static final int END = -1;

    private final String file;
    private final String text;
    private int index;
    private int line = 1;
    private int column = 1;

    Characters(String file, String text) {
        this.file = file;
        this.text = text;
    }

    int peek() {
        return peek(0);
    }

    int peek(int ahead) {
        return index + ahead < text.length() ? text.charAt(index + ahead) : END;
    }

    boolean looksAt(String expected) {
        return text.startsWith(expected, index);
    }

    /** Steps over one character. A line ends with LF, CR LF or a lone CR. */
    void advance() {
        char passed = text.charAt(index++);
        if (passed == '\n' || passed == '\r' && peek() != '\n') {
            line++;
            column = 1;
        } else if (!Character.isLowSurrogate(passed)) {
            column++;
        }
    }

    void advance(int count) {
        for (int i = 0; i < count; i++) {
            advance();
        }
    }

    int index() {
        return index;
    }

    int line() {
        return line;
    }

    String from(int start) {
        return text.substring(start, index);
    }

    Origin origin() {
        return new Origin(file, line, column);
    }
}
