// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher.send;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A small SMTP client (RFC 5321) for the way to a relay of our own: in clear, without AUTH, one command at a time. Used
 * by one thread.
 */
public final class SubmissionClient implements AutoCloseable {

    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration REPLY = Duration.ofSeconds(300);
    private static final int LONGEST_REPLY = 64 * 1024;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final Set<String> extensions = new HashSet<>();

    /**
     * Connects and says EHLO.
     *
     * @throws IOException if the relay cannot be reached or breaks off
     * @throws SendException if it does not want us
     */
    public SubmissionClient(InetSocketAddress relay) throws IOException, SendException {
        socket = new Socket();
        try {
            socket.connect(relay, (int) CONNECT.toMillis());
            socket.setSoTimeout((int) REPLY.toMillis());
            socket.setTcpNoDelay(true);
            in = new BufferedInputStream(socket.getInputStream());
            out = new BufferedOutputStream(socket.getOutputStream(), 64 * 1024);
            greet();
        } catch (IOException | SendException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    private void greet() throws IOException, SendException {
        expect("the greeting", 2, read());
        List<String> reply = say("EHLO localhost");
        expect("EHLO", 2, reply);
        reply.stream()
                .skip(1)
                .map(line -> line.substring(4).split(" ")[0].toUpperCase(Locale.ROOT))
                .forEach(extensions::add);
    }

    /**
     * Hands a message over.
     *
     * @param envelope from and to
     * @param content the message with CRLF line ends
     * @return the relay's reply
     * @throws SendException if it refuses
     */
    public String send(MailEnvelope envelope, Content content) throws IOException, SendException {
        mail(envelope, content);
        for (String recipient : envelope.recipients()) {
            expect("RCPT TO:<" + recipient + ">", 2, say("RCPT TO:<" + recipient + ">"));
        }
        expect("DATA", 3, say("DATA"));
        try (InputStream octets = content.open()) {
            new DotStuffing(out).write(octets);
        }
        out.flush();
        List<String> reply = read();
        expect("the message", 2, reply);
        return String.join(" / ", reply);
    }

    private void mail(MailEnvelope envelope, Content content) throws IOException, SendException {
        StringBuilder command =
                new StringBuilder("MAIL FROM:<").append(envelope.sender()).append('>');
        if (extensions.contains("SIZE")) {
            command.append(" SIZE=").append(content.size());
        }
        if (content.eightBit() && extensions.contains("8BITMIME")) {
            command.append(" BODY=8BITMIME");
        }
        if (envelope.international()) {
            if (!extensions.contains("SMTPUTF8")) {
                throw new SendException(SysExit.DATAERR, "the relay does not take addresses beyond ASCII");
            }
            command.append(" SMTPUTF8");
        }
        expect("MAIL", 2, say(command.toString()));
    }

    private List<String> say(String command) throws IOException {
        out.write((command + "\r\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
        return read();
    }

    private List<String> read() throws IOException {
        List<String> lines = new ArrayList<>();
        int octets = 0;
        do {
            String line = line();
            octets += line.length();
            if (line.length() < 3 || octets > LONGEST_REPLY) {
                throw new IOException("the relay does not speak SMTP");
            }
            lines.add(line);
        } while (lines.getLast().length() > 3 && lines.getLast().charAt(3) == '-');
        return lines;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int octet = in.read(); octet != '\n'; octet = in.read()) {
            if (octet < 0) {
                throw new IOException("the relay closed the connection");
            }
            if (line.length() > LONGEST_REPLY) {
                throw new IOException("the relay does not speak SMTP");
            }
            if (octet >= ' ' && octet < 0x7f) {
                line.append(Character.toString(octet));
            }
        }
        return line.toString();
    }

    private static void expect(String what, int category, List<String> reply) throws SendException {
        char first = reply.getLast().charAt(0);
        if (first - '0' == category) {
            return;
        }
        int code = first == '5' ? SysExit.UNAVAILABLE : SysExit.TEMPFAIL;
        throw new SendException(code, "the relay refused " + what + ": " + String.join(" / ", reply));
    }

    /** Says QUIT and goes. What the relay has accepted it keeps. */
    @Override
    public void close() throws IOException {
        try (socket) {
            socket.setSoTimeout(1_000);
            say("QUIT");
        } catch (IOException gone) {
            // It is of no matter any more how the relay ends the session.
            return;
        }
    }
}
