// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.datasource;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Reads {@code host=db.example;dbname=mail;user=postern;password='a b'}: what stands behind the colon of a server's URI.
 * Pairs are separated by semicolons, blanks or both. A value in single quotes may hold separators; a backslash before a
 * quote or a backslash takes away its meaning, in quotes or not.
 */
final class ConnectionString {

    private final String text;
    private int at;

    private ConnectionString(String text) {
        this.text = text;
    }

    /**
     * The pairs in order, names in lower case.
     *
     * @throws IllegalArgumentException if the text has another form; the message quotes names and never values
     */
    static Map<String, String> read(String text) {
        return new ConnectionString(text).pairs();
    }

    private Map<String, String> pairs() {
        Map<String, String> pairs = new LinkedHashMap<>();
        skipSeparators();
        while (at < text.length()) {
            String name = name();
            if (pairs.put(name, value(name)) != null) {
                throw new IllegalArgumentException(name + " is set twice");
            }
            skipSeparators();
        }
        return pairs;
    }

    private void skipSeparators() {
        while (at < text.length() && isSeparator(text.charAt(at))) {
            at++;
        }
    }

    private static boolean isSeparator(char c) {
        return c == ';' || Character.isWhitespace(c);
    }

    private String name() {
        int start = at;
        while (at < text.length() && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
            at++;
        }
        String name = text.substring(start, at).toLowerCase(Locale.ROOT);
        skipBlanks();
        if (name.isEmpty() || at == text.length() || text.charAt(at) != '=') {
            // The position and not the text, which may be the rest of a password that should have been quoted.
            throw new IllegalArgumentException("expected name=value at character " + (start + 1)
                    + "; put a value with blanks or ; in single quotes");
        }
        at++;
        skipBlanks();
        return name;
    }

    private void skipBlanks() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private String value(String name) {
        boolean quoted = at < text.length() && text.charAt(at) == '\'';
        if (quoted) {
            at++;
        }
        StringBuilder value = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at);
            if (quoted ? c == '\'' : isSeparator(c)) {
                break;
            }
            if (c == '\\' && at + 1 < text.length() && "\\'".indexOf(text.charAt(at + 1)) >= 0) {
                at++;
            }
            value.append(text.charAt(at++));
        }
        if (quoted && at++ == text.length()) {
            throw new IllegalArgumentException("the value of " + name + " lacks its closing quote");
        }
        return value.toString();
    }
}
