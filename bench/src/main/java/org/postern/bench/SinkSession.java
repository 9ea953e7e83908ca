// SPDX-License-Identifier: Apache-2.0
package org.postern.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** The server's side of a session, as far as relays need it. Takes no mail before AUTH, and no AUTH before TLS if it has TLS. */
final class SinkSession {

    /** The account; with a number behind it, another one. */
    static final String USER = "bench";

    /** Their password, which guards nothing. */
    static final String PASSWORD = "bench-password";

    private static final Pattern PLAIN = Pattern.compile("[^\0]*\0" + USER + "[0-9]*\0" + PASSWORD);

    /** Octets of replies that are gathered for one turn. */
    private static final int REPLIES = 512;

    private final Socket socket;
    private final SSLContext tls;
    private final Duration late;
    private final boolean chunking;
    private final Consumer<String> mark;
    private LineWire wire;
    private boolean secured;
    private boolean authenticated;
    private boolean open = true;
    private final List<String> recipients = new ArrayList<>();

    SinkSession(Socket socket, SSLContext tls, Duration late, boolean chunking, Consumer<String> mark) {
        this.socket = socket;
        this.tls = tls;
        this.late = late;
        this.chunking = chunking;
        this.mark = mark;
        this.secured = tls == null;
    }

    void run() throws IOException {
        wire = wire(socket);
        wire.say("220 sink ESMTP");
        try {
            converse();
        } finally {
            wire.close();
        }
    }

    private void converse() throws IOException {
        while (open) {
            wire.flushIfNothingWaits();
            String line = wire.line();
            if (line == null) {
                return;
            }
            answer(line);
        }
        wire.flush();
    }

    private LineWire wire(Socket layer) throws IOException {
        OutputStream out = layer.getOutputStream();
        return new LineWire(layer.getInputStream(), late.isZero() ? out : new LateOutput(out, late), REPLIES);
    }

    private void answer(String line) throws IOException {
        String verb = line.length() < 4 ? line : line.substring(0, 4).toUpperCase(Locale.ROOT);
        switch (verb) {
            case "EHLO" -> hello();
            case "STAR" -> startTls();
            case "AUTH" -> authenticate(line);
            case "MAIL" -> wire.say(authenticated ? "250 2.1.0 ok" : "530 5.7.0 authenticate first");
            case "RCPT" -> recipient(line);
            case "DATA" -> content();
            case "BDAT" -> chunk(line.split(" "));
            case "RSET" -> reset();
            case "NOOP" -> wire.say("250 2.0.0 ok");
            case "QUIT" -> quit();
            default -> wire.say("500 5.5.1 what");
        }
    }

    private void hello() throws IOException {
        wire.say("250-sink");
        wire.say("250-PIPELINING");
        if (chunking) {
            wire.say("250-CHUNKING");
        }
        wire.say("250-8BITMIME");
        wire.say("250-ENHANCEDSTATUSCODES");
        if (secured) {
            wire.say("250-AUTH PLAIN");
        } else {
            wire.say("250-STARTTLS");
        }
        wire.say("250 SIZE 100000000");
    }

    private void startTls() throws IOException {
        wire.say("220 2.0.0 go on");
        wire.flush();
        SSLSocket layer = (SSLSocket) tls.getSocketFactory().createSocket(socket, null, socket.getPort(), true);
        layer.setUseClientMode(false);
        wire = wire(layer);
        secured = true;
    }

    private void authenticate(String line) throws IOException {
        String response = line.substring(line.lastIndexOf(' ') + 1);
        if (response.equalsIgnoreCase("PLAIN")) {
            wire.say("334 ");
            wire.flush();
            response = wire.line();
        }
        authenticated = secured && isKnown(response);
        wire.say(authenticated ? "235 2.7.0 welcome" : "535 5.7.8 no");
    }

    private static boolean isKnown(String response) {
        try {
            byte[] octets = Base64.getDecoder().decode(response);
            return PLAIN.matcher(new String(octets, StandardCharsets.US_ASCII)).matches();
        } catch (IllegalArgumentException nonsense) {
            return false;
        }
    }

    private void recipient(String line) throws IOException {
        recipients.add(line.substring(line.indexOf('<') + 1, line.indexOf('>')));
        wire.say(authenticated ? "250 2.1.5 ok" : "530 5.7.0 authenticate first");
    }

    private void content() throws IOException {
        if (!authenticated || recipients.isEmpty()) {
            wire.say("503 5.5.1 no mail");
            return;
        }
        wire.say("354 go on");
        wire.flush();
        wire.skipContent();
        taken();
    }

    // Whoever reads the reply may ask for the list at once.
    private void taken() throws IOException {
        recipients.forEach(mark);
        recipients.clear();
        wire.say("250 2.0.0 ok");
        wire.flush();
    }

    private void chunk(String[] words) throws IOException {
        wire.skip(Long.parseLong(words[1]));
        if (!authenticated || recipients.isEmpty()) {
            wire.say("503 5.5.1 no mail");
        } else if (words.length > 2) {
            taken();
        } else {
            wire.say("250 2.0.0 more");
        }
    }

    private void reset() throws IOException {
        recipients.clear();
        wire.say("250 2.0.0 ok");
    }

    private void quit() throws IOException {
        wire.say("221 2.0.0 bye");
        open = false;
    }
}
