// SPDX-License-Identifier: Apache-2.0
package org.postern.bench.hostile;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import org.postern.bench.LineWire;

/**
 * A peer that behaves until its reply to one command, which has no end. Counts what the relay let it say.
 *
 * @param place the command, by its first four letters; empty for the greeting, a dot for the end of a message
 * @param form how it goes on
 * @param said octets of the longest reply that could be sent before the relay closed the connection
 */
record EndlessPeer(String place, Form form, AtomicLong said) implements Conduct {

    /** Where the peer gives up: more than what the system's buffers on both sides take beside what the relay reads. */
    static final long MOST = 64L << 20;

    private static final int SIZE = 64 * 1024;
    private static final String END = ".";

    /** What is repeated for ever. */
    enum Form {
        LINE("a"),
        LINES("-and so on\r\n");

        private final String repeated;

        Form(String repeated) {
            this.repeated = repeated;
        }
    }

    EndlessPeer(String place, Form form) {
        this(place, form, new AtomicLong());
    }

    @Override
    public void meet(Socket socket) throws IOException {
        OutputStream out = socket.getOutputStream();
        LineWire wire = new LineWire(socket);
        String command = "";
        String reply = "220 endless ESMTP";
        while (!command.equals(place)) {
            wire.say(reply);
            wire.flushIfNothingWaits();
            command = next(wire, command);
            reply = reply(command);
        }
        wire.flush();
        goOn(out, reply.substring(0, 3));
    }

    private static String next(LineWire wire, String before) throws IOException {
        if (before.equals("DATA")) {
            wire.flush();
            wire.skipContent();
            return END;
        }
        String line = wire.line();
        if (line == null) {
            throw new IOException("closed");
        }
        return line.substring(0, Math.min(4, line.length())).toUpperCase(Locale.ROOT);
    }

    private static String reply(String command) {
        return switch (command) {
            case "EHLO" -> "250-endless\r\n250-PIPELINING\r\n250 AUTH PLAIN";
            case "AUTH" -> "235 2.7.0 welcome";
            case "DATA" -> "354 go on";
            case "QUIT" -> "221 2.0.0 bye";
            default -> "250 2.0.0 ok";
        };
    }

    private void goOn(OutputStream out, String code) throws IOException {
        String repeated = form == Form.LINE ? form.repeated : code + form.repeated;
        byte[] block = repeated.repeat(SIZE / repeated.length()).getBytes(StandardCharsets.US_ASCII);
        out.write((code + "-").getBytes(StandardCharsets.US_ASCII));
        out.write(form == Form.LINE ? new byte[0] : new byte[] {'\r', '\n'});
        for (long octets = 0; octets < MOST; octets += block.length) {
            said.accumulateAndGet(octets, Math::max);
            out.write(block);
        }
        said.set(MOST);
    }

    @Override
    public String toString() {
        String where = switch (place) {
            case "" -> "the greeting";
            case END -> "the end of a message";
            default -> place;
        };
        return where + (form == Form.LINE ? ", one line" : ", line after line");
    }
}
