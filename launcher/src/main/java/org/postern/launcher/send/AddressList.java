// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher.send;

import java.util.ArrayList;
import java.util.List;

/**
 * Takes the addresses out of a field such as {@code To} (RFC 5322 section 3.4): display names, comments and group names
 * are left out, quoted local parts stay as they are.
 */
final class AddressList {

    private final String text;
    private final List<String> addresses = new ArrayList<>();
    private final StringBuilder plain = new StringBuilder();
    private String angled;
    private int at;

    private AddressList(String text) {
        this.text = text;
    }

    /**
     * The addresses in order.
     *
     * @throws IllegalArgumentException if a quote, comment or angle bracket is not closed, or there is a control
     *     character in it
     */
    static List<String> parse(String text) {
        if (text.chars().anyMatch(c -> c != '\t' && Character.isISOControl(c))) {
            throw new IllegalArgumentException("a control character in " + text.replaceAll("\\p{Cntrl}", "?"));
        }
        AddressList list = new AddressList(text);
        list.run();
        return List.copyOf(list.addresses);
    }

    private void run() {
        while (at < text.length()) {
            step(text.charAt(at));
        }
        end();
    }

    private void step(char c) {
        switch (c) {
            case '(' -> skipComment();
            case '"' -> plain.append(quoted());
            case '<' -> angled = angle();
            case ',', ';' -> {
                end();
                at++;
            }
            case ':' -> {
                // What stood before was a group's name.
                plain.setLength(0);
                at++;
            }
            default -> {
                plain.append(c);
                at++;
            }
        }
    }

    private void end() {
        String address = angled != null ? angled : plain.toString().strip();
        if (!address.isEmpty()) {
            addresses.add(address);
        }
        plain.setLength(0);
        angled = null;
    }

    private void skipComment() {
        int depth = 0;
        do {
            char c = next("comment");
            if (c == '\\') {
                next("comment");
            } else if (c == '(') {
                depth++;
            } else if (c == ')') {
                depth--;
            }
        } while (depth > 0);
    }

    private String quoted() {
        StringBuilder quoted = new StringBuilder();
        quoted.append(next("quote"));
        for (char c = next("quote"); c != '"'; c = next("quote")) {
            quoted.append(c);
            if (c == '\\') {
                quoted.append(next("quote"));
            }
        }
        return quoted.append('"').toString();
    }

    private String angle() {
        StringBuilder inside = new StringBuilder();
        next("angle bracket");
        while (at < text.length() && text.charAt(at) != '>') {
            inside.append(text.charAt(at) == '"' ? quoted() : String.valueOf(next("angle bracket")));
        }
        next("angle bracket");
        return inside.toString().strip();
    }

    private char next(String inside) {
        if (at >= text.length()) {
            throw new IllegalArgumentException("a " + inside + " is not closed: " + text);
        }
        return text.charAt(at++);
    }
}
