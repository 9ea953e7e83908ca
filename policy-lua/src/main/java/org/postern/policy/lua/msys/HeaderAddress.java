// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.msys;

import java.util.ArrayList;
import java.util.List;
import org.postern.policy.lua.run.Arguments;

/**
 * A mailbox in a header field (RFC 5322 section 3.4), read leniently: what a hook looks for is who, not whether the sender
 * keeps to the grammar.
 *
 * @param name the display name, unquoted; empty if there is none
 * @param email the address without angle brackets
 */
record HeaderAddress(String name, String email) {

    String part(Arguments call, String part) {
        int at = email.lastIndexOf('@');
        return switch (part) {
            case "name" -> name;
            case "email" -> email;
            case "localpart" -> at < 0 ? email : email.substring(0, at);
            case "domain" -> at < 0 ? "" : email.substring(at + 1);
            default -> throw call.bad(3, "one of name, email, localpart, domain");
        };
    }

    static List<HeaderAddress> parseAll(Arguments call, String field) {
        call.budget().charge(1 + field.length() / 4);
        List<HeaderAddress> addresses = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        StringBuilder angle = null;
        int comment = 0;
        boolean quoted = false;
        for (int i = 0; i < field.length(); i++) {
            char c = field.charAt(i);
            StringBuilder into = angle != null ? angle : word;
            if (c == '\\' && (quoted || comment > 0) && i + 1 < field.length()) {
                i++;
                if (comment == 0) {
                    into.append(field.charAt(i));
                }
            } else if (c == '"' && comment == 0) {
                quoted = !quoted;
            } else if (quoted) {
                into.append(c);
            } else if (c == '(') {
                comment++;
            } else if (c == ')' && comment > 0) {
                comment--;
            } else if (comment == 0) {
                switch (c) {
                    case '<' -> angle = new StringBuilder();
                    case ',', ';' -> {
                        add(addresses, word, angle);
                        word.setLength(0);
                        angle = null;
                    }
                    case ':' -> {
                        // The name of a group is nobody's.
                        if (angle == null) {
                            word.setLength(0);
                        } else {
                            into.append(c);
                        }
                    }
                    case '>' -> {}
                    default -> into.append(c);
                }
            }
        }
        add(addresses, word, angle);
        return addresses;
    }

    private static void add(List<HeaderAddress> addresses, StringBuilder word, StringBuilder angle) {
        String outside = word.toString().strip();
        if (angle != null) {
            addresses.add(new HeaderAddress(outside, angle.toString().strip()));
        } else if (!outside.isEmpty()) {
            addresses.add(new HeaderAddress("", outside));
        }
    }
}
