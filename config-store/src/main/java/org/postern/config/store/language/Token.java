// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store.language;

import org.postern.spi.settings.Origin;

/**
 * The smallest piece of a file that means something.
 *
 * @param kind what it is
 * @param text a word's or string's characters, escapes decoded; empty for signs
 * @param origin where it begins
 * @param start the index of its first character
 * @param startsLine whether nothing but blanks stands before it on its line
 * @param firstOnLine whether nothing but blanks and braces stands before it on its line
 */
record Token(Kind kind, String text, Origin origin, int start, boolean startsLine, boolean firstOnLine) {

    enum Kind {
        WORD("a word"),
        STRING("a string in quotes"),
        EQUALS("\"=\""),
        OPEN("\"{\""),
        CLOSE("\"}\""),
        OPEN_ARRAY("\"(\""),
        CLOSE_ARRAY("\")\""),
        OPEN_DICTIONARY("\"[\""),
        CLOSE_DICTIONARY("\"]\""),
        COMMA("\",\""),
        END("the end of the file");

        private final String description;

        Kind(String description) {
            this.description = description;
        }

        @Override
        public String toString() {
            return description;
        }
    }

    static Token of(Kind kind, String text, Origin origin) {
        return new Token(kind, text, origin, 0, false, false);
    }

    Token at(int index, boolean beginning, boolean first) {
        return new Token(kind, text, origin, index, beginning, first);
    }

    boolean isScalar() {
        return kind == Kind.WORD || kind == Kind.STRING;
    }

    /** Never the text. */
    @Override
    public String toString() {
        return kind + " at " + origin;
    }
}
