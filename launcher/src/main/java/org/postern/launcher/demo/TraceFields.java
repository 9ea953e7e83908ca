// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher.demo;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/** The {@code Received} field that a relay puts on top (RFC 5321 section 4.4): the one thing it has to add. */
final class TraceFields {

    private static final String RECEIVED = "received:";

    private TraceFields() {}

    /** The message without the one field on top, if it is there. */
    static byte[] without(byte[] message) {
        String start = new String(message, 0, Math.min(RECEIVED.length(), message.length), StandardCharsets.ISO_8859_1);
        if (!start.toLowerCase(Locale.ROOT).equals(RECEIVED)) {
            return message;
        }
        int next = nextLine(message, 0);
        while (next < message.length && (message[next] == ' ' || message[next] == '\t')) {
            next = nextLine(message, next);
        }
        return Arrays.copyOfRange(message, next, message.length);
    }

    private static int nextLine(byte[] message, int from) {
        int at = from;
        while (at < message.length && message[at] != '\n') {
            at++;
        }
        return Math.min(at + 1, message.length);
    }
}
