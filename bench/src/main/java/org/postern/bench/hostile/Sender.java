// SPDX-License-Identifier: Apache-2.0
package org.postern.bench.hostile;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.postern.bench.LineWire;

/** Hands messages to a relay on 127.0.0.1 over one connection. Used by one thread. */
final class Sender implements AutoCloseable {

    /** Where it is told of what failed. */
    static final String ADDRESS = "sender@senders.example";

    private static final int TIMEOUT_MILLIS = 120_000;
    private static final int FLIGHT = 100;
    private static final String HEADER = "From: <" + ADDRESS + ">\r\nSubject: bad input\r\n\r\n";
    private static final String LINE = "So much depends upon a line of text that is as long as lines in mail are.\r\n";
    private static final byte[] BLOCK = LINE.repeat(800).getBytes(StandardCharsets.US_ASCII);

    private final Socket socket;
    private final LineWire wire;

    Sender(int port) throws IOException {
        socket = new Socket(InetAddress.getByName("127.0.0.1"), port);
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            wire = new LineWire(socket);
            expect("220", wire.reply());
            wire.say("EHLO load.example");
            wire.flush();
            expect("250", wire.reply());
        } catch (IOException failure) {
            socket.close();
            throw failure;
        }
    }

    /**
     * Hands over a message.
     *
     * @param octets of content, header included
     * @throws IOException if the relay does not take it
     */
    void send(List<String> recipients, long octets) throws IOException {
        expect("250", offer(recipients, octets));
    }

    /** Hands over a message, and returns the reply to it. */
    String offer(List<String> recipients, long octets) throws IOException {
        wire.say("MAIL FROM:<" + ADDRESS + ">");
        for (int named = 0; named < recipients.size(); named += FLIGHT) {
            name(recipients.subList(named, Math.min(recipients.size(), named + FLIGHT)), named == 0);
        }
        wire.say("DATA");
        wire.flush();
        expect("354", wire.reply());
        content(octets);
        wire.say(".");
        wire.flush();
        return wire.reply();
    }

    /** What a relay says to a message of an announced size, before it is sent. */
    String announce(long octets) throws IOException {
        wire.say("MAIL FROM:<" + ADDRESS + "> SIZE=" + octets);
        wire.flush();
        String reply = wire.reply();
        wire.say("RSET");
        wire.flush();
        wire.reply();
        return reply;
    }

    /** A relay whose replies nobody reads may read no further itself, so there are never many of them. */
    private void name(List<String> recipients, boolean first) throws IOException {
        for (String recipient : recipients) {
            wire.say("RCPT TO:<" + recipient + ">");
        }
        wire.flush();
        for (int replies = recipients.size() + (first ? 1 : 0); replies > 0; replies--) {
            expect("250", wire.reply());
        }
    }

    private void content(long octets) throws IOException {
        byte[] header = HEADER.getBytes(StandardCharsets.US_ASCII);
        wire.put(header);
        long left = octets - header.length;
        for (; left > BLOCK.length + 2; left -= BLOCK.length) {
            wire.put(BLOCK);
        }
        for (; left > LINE.length() + 2; left -= LINE.length()) {
            wire.put(LINE.getBytes(StandardCharsets.US_ASCII));
        }
        wire.say("x".repeat((int) Math.max(0, left - 2)));
    }

    private static void expect(String code, String reply) throws IOException {
        if (!reply.startsWith(code)) {
            throw new IOException("expected " + code + " and got: " + reply);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
