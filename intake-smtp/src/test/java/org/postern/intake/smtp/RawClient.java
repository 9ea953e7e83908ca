// SPDX-License-Identifier: Apache-2.0
package org.postern.intake.smtp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Sends exactly what it is told, and shows exactly what comes back. */
final class RawClient implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 20_000;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    RawClient(InetSocketAddress address) throws IOException {
        socket = new Socket(address.getAddress(), address.getPort());
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        in = new java.io.BufferedInputStream(socket.getInputStream());
        out = socket.getOutputStream();
    }

    /** Connects, and reads the greeting. */
    static RawClient greeted(InetSocketAddress address) throws IOException {
        RawClient client = new RawClient(address);
        client.expect("220");
        return client;
    }

    /** Connects, and says EHLO. */
    static RawClient introduced(InetSocketAddress address) throws IOException {
        RawClient client = greeted(address);
        client.ask("EHLO client.example", "250");
        return client;
    }

    RawClient send(byte[] octets) throws IOException {
        out.write(octets);
        return this;
    }

    RawClient send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends a line, and reads the reply, which must begin like this. */
    String ask(String line, String expected) throws IOException {
        send(line + "\r\n");
        return expect(expected);
    }

    /** The last line of the next reply; it must begin like this. */
    String expect(String expected) throws IOException {
        List<String> reply = reply();
        String last = reply.isEmpty() ? "(end)" : reply.get(reply.size() - 1);
        if (!last.startsWith(expected)) {
            throw new AssertionError("expected " + expected + " but got " + reply);
        }
        return last;
    }

    /** The lines of the next reply; none if the connection has ended. */
    List<String> reply() throws IOException {
        List<String> lines = new ArrayList<>();
        String line;
        do {
            line = line();
            if (line == null) {
                return List.of();
            }
            lines.add(line);
        } while (line.length() > 3 && line.charAt(3) == '-');
        return lines;
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int octet;
        while ((octet = in.read()) != '\n') {
            if (octet < 0) {
                return null;
            }
            line.write(octet);
        }
        return line.toString(StandardCharsets.UTF_8).stripTrailing();
    }

    void expectEnd() throws IOException {
        List<String> more = reply();
        if (!more.isEmpty()) {
            throw new AssertionError("expected the end but got " + more);
        }
    }

    /** Whether nothing has come for a moment. */
    boolean quiet() throws IOException {
        socket.setSoTimeout(100);
        try {
            in.mark(1);
            int octet = in.read();
            in.reset();
            return octet < 0;
        } catch (java.net.SocketTimeoutException nothing) {
            return true;
        } finally {
            socket.setSoTimeout(PATIENCE_MILLIS);
        }
    }

    /** MAIL, RCPT and DATA. */
    RawClient beginContent() throws IOException {
        ask("MAIL FROM:<a@example.org>", "250");
        ask("RCPT TO:<b@example.net>", "250");
        ask("DATA", "354");
        return this;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
