// SPDX-License-Identifier: Apache-2.0
package org.postern.itests;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;

/** Hands messages in over one SMTP connection, one command at a time. Used by one thread. */
final class Courier implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 20_000;

    private final Socket socket = new Socket();
    private final InputStream in;
    private boolean doubtful;

    /** @throws IOException if nobody listens there, or not for mail */
    Courier(int port) throws IOException {
        try {
            socket.connect(new InetSocketAddress("127.0.0.1", port), PATIENCE_MILLIS);
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.setTcpNoDelay(true);
            in = new BufferedInputStream(socket.getInputStream());
            expect("220");
            command("EHLO test.example", "250");
        } catch (IOException | RuntimeException failure) {
            socket.close();
            throw failure;
        }
    }

    /**
     * Returns when the relay has taken responsibility.
     *
     * @param content header and body with CRLF line ends, the last line's included, and no dot stuffed
     * @throws IOException if it has not, or if {@link #isDoubtful() nobody knows}
     */
    void send(String from, List<String> recipients, byte[] content) throws IOException {
        doubtful = false;
        command("MAIL FROM:<" + from + "> BODY=8BITMIME", "250");
        for (String recipient : recipients) {
            command("RCPT TO:<" + recipient + ">", "250");
        }
        command("DATA", "354");
        doubtful = true;
        write(stuffed(content));
        String reply = reply();
        doubtful = false;
        check("the message", reply, "250");
    }

    /** Whether the last message was handed over whole and no reply came. */
    boolean isDoubtful() {
        return doubtful;
    }

    private void command(String line, String expected) throws IOException {
        write((line + "\r\n").getBytes(ISO_8859_1));
        check(line, reply(), expected);
    }

    private void expect(String expected) throws IOException {
        check("connecting", reply(), expected);
    }

    private static void check(String what, String reply, String expected) throws IOException {
        if (!reply.startsWith(expected)) {
            throw new IOException("after " + what + ": " + reply);
        }
    }

    private void write(byte[] octets) throws IOException {
        socket.getOutputStream().write(octets);
    }

    private static byte[] stuffed(byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(content.length + 16);
        boolean lineBegins = true;
        for (byte octet : content) {
            if (lineBegins && octet == '.') {
                out.write('.');
            }
            out.write(octet);
            lineBegins = octet == '\n';
        }
        out.writeBytes(".\r\n".getBytes(ISO_8859_1));
        return out.toByteArray();
    }

    private String reply() throws IOException {
        String line = line();
        while (line.length() > 3 && line.charAt(3) == '-') {
            line = line();
        }
        return line;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("the listener closed after: " + line);
            }
            line.append((char) c);
        }
        return line.toString().strip();
    }

    /** Says goodbye if anybody listens. */
    @Override
    public void close() {
        try (socket) {
            command("QUIT", "221");
        } catch (IOException gone) {
            // Then there is nobody to say it to.
        }
    }
}
