// SPDX-License-Identifier: Apache-2.0
package org.postern.bench.crash;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.postern.bench.LineWire;

/** Hands messages to a relay over one connection, and notes what was promised. Used by one thread. */
final class Submitter implements AutoCloseable {

    private static final int TIMEOUT_MILLIS = 60_000;

    private final Socket socket;
    private final LineWire wire;
    private final History history;

    Submitter(int port, History history) throws IOException {
        this.history = history;
        this.socket = new Socket(InetAddress.getByName("127.0.0.1"), port);
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            wire = new LineWire(socket);
            wire.reply();
            wire.say("EHLO load.example");
            wire.flush();
            wire.reply();
        } catch (IOException failure) {
            socket.close();
            throw failure;
        }
    }

    /**
     * A message.
     *
     * @param name a word
     * @param binding by which it has to leave
     * @param content as it has to arrive
     */
    record Mail(String name, String binding, List<String> recipients, byte[] content) {}

    /**
     * Hands it over.
     *
     * @return whether the relay took it; if not, it may be there for the next
     * @throws IOException if the connection is gone; whether the relay has the message nobody knows
     */
    boolean submit(Mail mail) throws IOException {
        wire.say("MAIL FROM:<" + mail.name() + "@" + Setup.SENDERS + "> BODY=8BITMIME");
        for (String recipient : mail.recipients()) {
            wire.say("RCPT TO:<" + recipient + ">");
        }
        wire.say("DATA");
        wire.flush();
        boolean begun = wire.reply().startsWith("250");
        for (int i = 0; i < mail.recipients().size(); i++) {
            begun &= wire.reply().startsWith("250");
        }
        if (!wire.reply().startsWith("354")) {
            reset();
            return false;
        }
        if (!begun) {
            throw new IOException("the relay took only some recipients of " + mail.name());
        }
        return content(mail);
    }

    private boolean content(Mail mail) throws IOException {
        history.note(new Event.Submitted(mail.name(), mail.binding(), Digest.of(mail.content()), mail.recipients()));
        // The relay takes this field out: it says by which binding the message leaves.
        wire.say("X-Binding: " + mail.binding());
        wire.put(stuffed(mail.content()));
        wire.say(".");
        wire.flush();
        String reply = wire.reply();
        boolean taken = reply.startsWith("250");
        history.note(taken ? new Event.Accepted(mail.name()) : new Event.Refused(mail.name(), reply.substring(0, 3)));
        return taken;
    }

    private void reset() throws IOException {
        wire.say("RSET");
        wire.flush();
        wire.reply();
    }

    private static byte[] stuffed(byte[] content) {
        String text = new String(content, StandardCharsets.ISO_8859_1);
        String stuffed = (text.startsWith(".") ? "." : "") + text.replace("\n.", "\n..");
        return stuffed.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
