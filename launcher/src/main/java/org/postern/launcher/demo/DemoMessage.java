// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher.demo;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A message of the demonstration. No two are the same, and together they hold what relays have damaged before.
 *
 * @param number which one, from 0
 * @param to where it goes
 * @param content its octets, with CRLF line ends
 */
record DemoMessage(int number, Correspondent to, byte[] content) {

    private static final List<Correspondent> ALL = List.of(Correspondent.MESSAGE_SYSTEMS, Correspondent.SPARKPOST);
    private static final String SENDER = "demo@postern.example";

    static DemoMessage number(int number) {
        Correspondent to = ALL.get(number % ALL.size());
        String header = "From: <" + SENDER + ">\r\nTo: <" + recipient(number, to) + ">\r\nSubject: Message " + number
                + " of the demonstration\r\nDate: Mon, 23 Nov 2026 12:00:00 +0000\r\nMessage-ID: <" + number
                + "@demo.postern.example>\r\n\r\n";
        return new DemoMessage(number, to, (header + body(number)).getBytes(StandardCharsets.UTF_8));
    }

    String sender() {
        return SENDER;
    }

    String recipient() {
        return recipient(number, to);
    }

    private static String recipient(int number, Correspondent to) {
        return "reader-" + number + "@" + to.domain();
    }

    // Pairs go to both domains, hence the division: each domain gets each kind.
    private static String body(int number) {
        return switch (number / ALL.size() % 6) {
            case 0 -> "Hello, this is message " + number + ".\r\n";
            case 1 -> ".\r\n..\r\n...dots at the beginning of lines " + number + "\r\n.\r\n";
            case 2 -> "Grüße, 你好, \uD83D\uDC8C " + number + "\r\n";
            case 3 -> ("A line that is as long as a line may be: " + "x".repeat(900) + "\r\n").repeat(60);
            case 4 -> "";
            default -> "\r\n\r\nEmpty lines around, and spaces at the end   \t\r\n\r\n";
        };
    }
}
