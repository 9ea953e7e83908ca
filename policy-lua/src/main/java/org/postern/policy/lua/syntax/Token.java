// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.syntax;

/**
 * One word of a chunk.
 *
 * @param kind what it is
 * @param text the name, the string's octets, or the symbol itself
 * @param number the value of a number
 * @param line where it ends, counted from 1
 */
record Token(Kind kind, String text, double number, int line) {

    enum Kind {
        NAME,
        STRING,
        NUMBER,
        /** A keyword or an operator. */
        SYMBOL,
        END
    }

    boolean is(String symbol) {
        return kind == Kind.SYMBOL && text.equals(symbol);
    }

    /** As error messages quote it. */
    String shown() {
        return switch (kind) {
            case END -> "<eof>";
            case NUMBER, NAME, SYMBOL -> text;
            case STRING -> text.length() > 40 ? text.substring(0, 40) + "..." : text;
        };
    }
}
