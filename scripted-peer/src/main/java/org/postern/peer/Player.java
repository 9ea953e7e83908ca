// SPDX-License-Identifier: Apache-2.0
package org.postern.peer;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.postern.peer.Step.End;
import org.postern.peer.Step.Handshake;
import org.postern.peer.Step.Hear;
import org.postern.peer.Step.HearContent;
import org.postern.peer.Step.HearOctets;
import org.postern.peer.Step.Pace;
import org.postern.peer.Step.Pause;
import org.postern.peer.Step.Say;
import org.postern.peer.Step.Silence;

/** Plays the steps of one connection. Used by one thread. */
final class Player {

    private static final int MOST_LINE = 1 << 20;
    private static final int MOST_CONTENT = 256 << 20;

    private final Dialogue dialogue;
    private final int connection;
    private final Wire wire;
    private final Listener listener;
    private final Transcript transcript;
    private final Certificates certificates;
    private final Consumer<byte[]> contents;

    Player(
            Dialogue dialogue,
            int connection,
            Wire wire,
            Listener listener,
            Transcript transcript,
            Certificates certificates,
            Consumer<byte[]> contents) {
        this.dialogue = dialogue;
        this.connection = connection;
        this.wire = wire;
        this.listener = listener;
        this.transcript = transcript;
        this.certificates = certificates;
        this.contents = contents;
    }

    /** What the client did wrong at a step. */
    static final class Mismatch extends Exception {

        private static final long serialVersionUID = 1L;

        Mismatch(String message) {
            super(message, null, false, false);
        }
    }

    /** The connection is over, as it should be, although steps may be left. */
    private static final class HungUp extends Exception {

        private static final long serialVersionUID = 1L;

        HungUp() {
            super(null, null, false, false);
        }
    }

    /** Plays the steps; returns whether the connection still stands after the last. */
    boolean play(List<Step> steps) throws Mismatch, InterruptedException {
        for (Step step : steps) {
            try {
                play(step);
            } catch (HungUp e) {
                return false;
            } catch (SocketTimeoutException e) {
                throw mismatch(step, "nothing came in time");
            } catch (IOException e) {
                throw mismatch(step, listener.stopping() ? "the peer was closed" : "the connection broke: " + e);
            }
        }
        return true;
    }

    private void play(Step step) throws Mismatch, HungUp, IOException, InterruptedException {
        switch (step) {
            case Say say -> say(say);
            case Hear hear -> hear(hear);
            case HearContent content -> hearContent(content);
            case HearOctets octets -> hearOctets(octets);
            case Silence silence -> stayThere(silence);
            case Pause pause -> pause(pause);
            case End end -> end(end);
            case Handshake handshake -> handshake(handshake);
        }
    }

    private void say(Say say) throws HungUp, IOException, InterruptedException {
        note("S:", WireText.show(withoutEnd(say.octets())) + (say.times() > 1 ? "  (" + say.times() + " times)" : ""));
        try {
            for (int i = 0; i < say.times() && !listener.stopping(); i++) {
                if (say.pace().isPresent()) {
                    dribble(say.octets(), say.pace().get());
                } else {
                    wire.send(say.octets());
                }
            }
            wire.flush();
        } catch (IOException e) {
            if (say.tries()) {
                note("#", "client hung up");
                throw new HungUp();
            }
            throw e;
        }
    }

    private void dribble(byte[] octets, Pace pace) throws IOException, InterruptedException {
        for (int at = 0; at < octets.length; at += pace.octets()) {
            wire.send(Arrays.copyOfRange(octets, at, Math.min(octets.length, at + pace.octets())));
            wire.flush();
            if (!listener.rest(pace.rest())) {
                throw new IOException("the peer was closed");
            }
        }
    }

    private void hear(Hear hear) throws Mismatch, IOException {
        for (int i = 0; i < hear.times(); i++) {
            byte[] line = wire.line(MOST_LINE);
            if (line == null) {
                note("#", "client closed the connection");
                throw mismatch(hear, "the client closed the connection");
            }
            byte[] said = withoutEnd(line);
            note("C:", WireText.show(said));
            boolean ended = line.length == said.length + 2;
            String latin = new String(said, StandardCharsets.ISO_8859_1);
            if (!ended || !hear.pattern().matcher(latin).matches()) {
                throw mismatch(hear, "C: " + shownAs(hear, ended ? said : line));
            }
        }
    }

    private static String shownAs(Hear hear, byte[] said) {
        return hear.source().text().contains("<b64 ") ? WireText.showDecoded(said) : WireText.show(said);
    }

    private void hearContent(HearContent step) throws Mismatch, IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        boolean complete = wire.content((octets, from, count) -> keep(content, octets, from, count));
        keepContent(step, content, complete);
    }

    private void hearOctets(HearOctets step) throws Mismatch, IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        boolean complete = wire.octets(step.count(), (octets, from, count) -> keep(content, octets, from, count));
        keepContent(step, content, complete);
    }

    private static void keep(ByteArrayOutputStream content, byte[] octets, int from, int count) {
        if (content.size() < MOST_CONTENT) {
            content.write(octets, from, count);
        }
    }

    private void keepContent(Step step, ByteArrayOutputStream content, boolean complete) throws Mismatch {
        note("C:", "<" + content.size() + " octets of content" + (complete ? ">" : ", cut off>"));
        if (!complete) {
            throw mismatch(step, "the client closed the connection after " + content.size() + " octets");
        }
        contents.accept(content.toByteArray());
    }

    private void stayThere(Silence step) throws Mismatch, HungUp {
        note("#", "silence");
        try {
            while (wire.octets(Integer.MAX_VALUE, (octets, from, count) -> {})) {
                // Whatever the client says into the silence.
            }
        } catch (SocketTimeoutException e) {
            throw mismatch(step, "the client did not give up");
        } catch (IOException reset) {
            // Giving up by RST is giving up.
        }
        note("#", "client gave up");
        throw new HungUp();
    }

    private void pause(Pause pause) throws IOException, InterruptedException {
        if (!listener.rest(pause.length())) {
            throw new IOException("the peer was closed");
        }
    }

    private void end(End end) throws HungUp, IOException {
        note("#", end.source().text().strip());
        switch (end.how()) {
            case CLOSE -> wire.endOutput();
            case CUT -> wire.cut();
            case RESET -> wire.reset();
        }
        throw new HungUp();
    }

    private void handshake(Handshake step) throws Mismatch, HungUp, IOException {
        try {
            wire.startTls(certificates.of(step.variant(), step.names()).serverContext(), false);
            note(
                    "#",
                    wire.tlsProtocol() + " with the certificate '"
                            + step.variant().keyword() + "'");
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            // A client that refuses sends an alert, or just goes.
            note("#", "TLS handshake failed: " + e.getMessage());
            if (step.refused()) {
                throw new HungUp();
            }
            throw mismatch(step, "the handshake failed: " + e.getMessage());
        }
        if (step.refused()) {
            hearNothing(step);
        }
    }

    /** Some clients check the name after the handshake; then they say nothing more and close. */
    private void hearNothing(Handshake step) throws Mismatch, HungUp {
        byte[] line;
        try {
            line = wire.line(MOST_LINE);
        } catch (SocketTimeoutException e) {
            throw mismatch(step, "the client kept the connection");
        } catch (IOException broken) {
            throw new HungUp();
        }
        if (line != null) {
            throw mismatch(step, "C: " + WireText.show(withoutEnd(line)));
        }
        throw new HungUp();
    }

    /** After the last line: the client may say QUIT, and nothing else. */
    void seeOff() throws Mismatch {
        try {
            byte[] line = wire.line(MOST_LINE);
            if (line == null) {
                return;
            }
            note("C:", WireText.show(withoutEnd(line)));
            if (!new String(line, StandardCharsets.ISO_8859_1).equals("QUIT\r\n")) {
                throw new Mismatch(dialogue.name() + ": connection " + connection
                        + "\n  expected  nothing after the last line\n  came      C: "
                        + WireText.show(withoutEnd(line)));
            }
            note("S:", "221 2.0.0 bye");
            wire.send("221 2.0.0 bye\r\n".getBytes(StandardCharsets.US_ASCII));
            wire.endOutput();
        } catch (IOException gone) {
            // There is nothing left to say.
        }
    }

    /** Reads what the client still sends, so that closing does not destroy what it has not yet read. */
    void drain() {
        try {
            wire.octets(MOST_CONTENT, (octets, from, count) -> {});
        } catch (IOException gone) {
            // It is gone, as it should be.
        }
    }

    private static byte[] withoutEnd(byte[] line) {
        int end = line.length;
        if (end >= 2 && line[end - 2] == '\r' && line[end - 1] == '\n') {
            return Arrays.copyOf(line, end - 2);
        }
        return line;
    }

    private void note(String who, String text) {
        transcript.add(connection, who, text);
    }

    private Mismatch mismatch(Step step, String came) {
        return new Mismatch(dialogue.at(step) + ": connection " + connection + "\n  expected  "
                + step.source().text().strip() + "\n  came      " + came);
    }
}
