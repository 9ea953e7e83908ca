// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A message that a client hands in over SMTP. It is known by its number wherever its header comes out again.
 *
 * @param number unlike that of every other
 * @param recipients in order
 * @param content with lines that end in CRLF
 */
record Letter(int number, List<String> recipients, String content) {

    static final String SENDER = "sender@example.org";

    private static final Pattern NUMBER = Pattern.compile("\nX-Number: (\\d+)\r\n");
    private static final int PATIENCE_MILLIS = 120_000;
    private static final int LINE = 64;

    /** A letter of about so many octets. */
    static Letter of(int number, int size, String... recipients) {
        StringBuilder content = new StringBuilder("X-Number: " + number + "\r\n\r\n");
        for (int line = 0; content.length() < size; line++) {
            content.append(String.valueOf((char) ('a' + (number + line) % 26)).repeat(LINE))
                    .append("\r\n");
        }
        return new Letter(number, List.of(recipients), content.toString());
    }

    /** The number in a content, which may be that of a notification. */
    static OptionalInt numberIn(byte[] content) {
        Matcher number = NUMBER.matcher(new String(content, US_ASCII));
        return number.find() ? OptionalInt.of(Integer.parseInt(number.group(1))) : OptionalInt.empty();
    }

    /** Hands it in; returns the reply that decides, which is the last one, or the first that refuses. */
    String handIn(InetSocketAddress relay) throws IOException {
        List<String> commands = new ArrayList<>(List.of("EHLO client.example", "MAIL FROM:<" + SENDER + ">"));
        recipients.forEach(recipient -> commands.add("RCPT TO:<" + recipient + ">"));
        commands.add("DATA");
        commands.add(content + ".");
        try (Socket socket = new Socket(relay.getAddress(), relay.getPort())) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            BufferedReader replies = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
            String reply = reply(replies);
            for (String command : commands) {
                if (reply.charAt(0) > '3') {
                    return reply;
                }
                socket.getOutputStream().write((command + "\r\n").getBytes(US_ASCII));
                reply = reply(replies);
            }
            return reply;
        }
    }

    private static String reply(BufferedReader replies) throws IOException {
        String line;
        do {
            line = replies.readLine();
            if (line == null) {
                throw new IOException("the relay closed the connection without a reply");
            }
        } while (line.charAt(3) == '-');
        return line;
    }
}
