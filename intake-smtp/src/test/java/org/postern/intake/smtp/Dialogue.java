// SPDX-License-Identifier: Apache-2.0
package org.postern.intake.smtp;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A conversation from a file. {@code C:} is sent with CRLF, {@code S:} must be the next line from the listener or its
 * beginning before {@code …}, {@code END} means that the listener closes. Other lines explain.
 */
record Dialogue(List<String> lines) {

    static Dialogue load(String name) throws IOException {
        try (InputStream in = Dialogue.class.getResourceAsStream("/dialogues/" + name + ".txt")) {
            return new Dialogue(new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList());
        }
    }

    void play(RawClient client) throws IOException {
        for (String line : lines) {
            if (line.startsWith("C: ") || line.equals("C:")) {
                client.send((line.length() > 3 ? line.substring(3) : "") + "\r\n");
            } else if (line.startsWith("S: ")) {
                check(line.substring(3), client.reply());
            } else if (line.equals("END")) {
                client.expectEnd();
            }
        }
    }

    private static void check(String expected, List<String> reply) {
        String last = reply.isEmpty() ? "(end)" : reply.get(reply.size() - 1);
        boolean open = expected.endsWith("…");
        String text = open ? expected.substring(0, expected.length() - 1) : expected;
        if (open ? !last.startsWith(text) : !last.equals(text)) {
            throw new AssertionError("expected " + expected + " but got " + reply);
        }
    }
}
