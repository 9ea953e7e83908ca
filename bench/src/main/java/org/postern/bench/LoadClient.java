// SPDX-License-Identifier: Apache-2.0
package org.postern.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A sender: one connection, one message after the other, MAIL, RCPT and DATA in one flight. Used by one thread. */
final class LoadClient implements AutoCloseable {

    private static final int TIMEOUT_MILLIS = 60_000;
    private static final String TEXT_LINE =
            "So much depends upon a line of text that is as long as lines in mail are.\r\n";

    private final Socket socket;
    private final LineWire wire;
    private final byte[] body;

    private LoadClient(Socket socket, int octets) throws IOException {
        this.socket = socket;
        this.wire = new LineWire(socket);
        this.body = body(octets);
    }

    /** Connects to a relay on 127.0.0.1 and greets it. */
    static LoadClient connect(int port, int octets) throws IOException {
        Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), port);
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            LoadClient client = new LoadClient(socket, octets);
            client.greet();
            return client;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** The part that is the same in every message, which makes up nearly all of its octets. */
    private static byte[] body(int octets) {
        String lines = TEXT_LINE.repeat(octets / TEXT_LINE.length() + 1);
        return (lines.substring(0, Math.max(0, octets - 200 - 2)) + "\r\n.\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    private void greet() throws IOException {
        expect("220");
        wire.say("EHLO load.example");
        wire.flush();
        expect("250");
    }

    /** Hands over one message; returns when the relay has taken it in charge. */
    void send(String recipient) throws IOException {
        wire.say("MAIL FROM:<sender@load.example>");
        wire.say("RCPT TO:<" + recipient + ">");
        wire.say("DATA");
        wire.flush();
        expect("250");
        expect("250");
        expect("354");
        wire.say("From: Load <sender@load.example>");
        wire.say("To: <" + recipient + ">");
        wire.say("Subject: one of many");
        wire.say("Date: Mon, 23 Nov 2026 12:00:00 +0000");
        wire.say("Message-ID: <" + recipient.replace("sink", "load") + ">");
        wire.say("");
        wire.put(body);
        wire.flush();
        expect("250");
    }

    private void expect(String code) throws IOException {
        String reply = wire.reply();
        if (!reply.startsWith(code)) {
            throw new IOException("expected " + code + " and got: " + reply);
        }
    }

    @Override
    public void close() throws IOException {
        try (socket) {
            wire.say("QUIT");
            wire.flush();
            wire.reply();
        }
    }
}
