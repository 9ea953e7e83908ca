// SPDX-License-Identifier: Apache-2.0
package org.postern.core.simulation;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** The peer's side of one connection. It is driven by what arrives, and answers after a while. */
final class PeerSession {

    private static final long LONGEST_DELAY = Duration.ofSeconds(100).toNanos();

    private final World world;
    private final History history;
    private final SimulatedPeer peer;
    private final Line line;
    private final ByteArrayOutputStream input = new ByteArrayOutputStream();
    private Reading reading = Reading.COMMANDS;
    private int chunk;
    private boolean lastChunk;
    private ByteArrayOutputStream content = new ByteArrayOutputStream();
    private Optional<String> user = Optional.empty();
    private Optional<String> sender = Optional.empty();
    private final List<String> recipients = new ArrayList<>();
    private boolean mailTaken;

    /** What the next octets are. */
    private enum Reading {
        COMMANDS,
        RESPONSE,
        CONTENT,
        CHUNK,
        NOTHING
    }

    PeerSession(World world, History history, SimulatedPeer peer, Line line) {
        this.world = world;
        this.history = history;
        this.peer = peer;
        this.line = line;
        answer("greeting", Fault.ANYWHERE, "220 here");
    }

    Line line() {
        return line;
    }

    SimulatedPeer peer() {
        return peer;
    }

    Optional<String> user() {
        return user;
    }

    void clientLeft() {
        reading = Reading.NOTHING;
    }

    void received(byte[] octets) {
        if (reading == Reading.NOTHING) {
            return;
        }
        if ((reading == Reading.CONTENT || reading == Reading.CHUNK) && breaksInContent()) {
            return;
        }
        input.writeBytes(octets);
        while (reading != Reading.NOTHING && step()) {
            // One command or one piece of content at a time.
        }
    }

    private boolean breaksInContent() {
        Optional<Fault> fault = peer.fault(Fault.IN_CONTENT);
        fault.ifPresent(what -> misbehave("content", what));
        return fault.isPresent();
    }

    private boolean step() {
        return switch (reading) {
            case COMMANDS -> takeLine().map(this::command).isPresent();
            case RESPONSE -> takeLine().map(this::response).isPresent();
            case CONTENT -> readContent();
            case CHUNK -> readChunk();
            case NOTHING -> false;
        };
    }

    private Optional<String> takeLine() {
        String text = input.toString(ISO_8859_1);
        int end = text.indexOf("\r\n");
        if (end < 0) {
            return Optional.empty();
        }
        drop(end + 2);
        return Optional.of(text.substring(0, end));
    }

    private void drop(int octets) {
        byte[] all = input.toByteArray();
        input.reset();
        input.write(all, octets, all.length - octets);
    }

    // ---- commands

    private String command(String text) {
        String verb = text.split("[ :]", 2)[0];
        world.note(peer.toString(), "C: " + (verb.equals("AUTH") ? "AUTH" : text));
        switch (verb) {
            case "EHLO" -> answer("EHLO", Fault.ANYWHERE, capabilities());
            case "HELO" -> answer("HELO", Fault.ANYWHERE, "250 here");
            case "AUTH" -> auth(text.split(" "));
            case "MAIL" -> mail(text);
            case "RCPT" -> rcpt(text);
            case "DATA" -> data();
            case "BDAT" -> bdat(text.split(" "));
            case "RSET" -> {
                if (input.toString(ISO_8859_1).startsWith("MAIL")) {
                    history.followed();
                }
                forget();
                answer("RSET", Fault.ANYWHERE, "250 forgotten");
            }
            case "NOOP" -> answer("NOOP", Fault.ANYWHERE, "250 here");
            case "QUIT" -> {
                answer("QUIT", Fault.ANYWHERE, "221 bye");
                line.hangUp(0);
                reading = Reading.NOTHING;
            }
            default -> say("500 what?");
        }
        return text;
    }

    private String capabilities() {
        StringBuilder said = new StringBuilder("250-here\r\n");
        if (peer.authenticates()) {
            said.append("250-AUTH PLAIN\r\n");
        }
        for (String extension : List.of("PIPELINING", "CHUNKING", "8BITMIME", "DSN", "SIZE 1000000")) {
            if (peer.offers()) {
                said.append("250-").append(extension).append("\r\n");
            }
        }
        return said.append("250 ENHANCEDSTATUSCODES").toString();
    }

    private void auth(String[] words) {
        if (words.length > 2) {
            response(words[2]);
        } else if (answer("AUTH", Fault.ANYWHERE, "334 ")) {
            reading = Reading.RESPONSE;
        }
    }

    private String response(String encoded) {
        reading = Reading.COMMANDS;
        if (encoded.equals("*")) {
            say("501 cancelled");
            return encoded;
        }
        String[] parts = new String(Base64.getDecoder().decode(encoded), ISO_8859_1).split("\0", -1);
        boolean right = parts.length == 3 && peer.admits(parts[1], parts[2]);
        if (right) {
            if (answer("AUTH", Fault.ANYWHERE, "235 welcome")) {
                user = Optional.of(parts[1]);
                history.loggedIn(this);
            }
        } else {
            refuse(parts[1], parts[2]);
        }
        return encoded;
    }

    // What the client never hears it cannot act upon.
    private void refuse(String name, String password) {
        Optional<Fault> fault = peer.fault(List.of(Fault.GOING, Fault.CLOSE, Fault.HANG, Fault.LATE));
        if (fault.isPresent() && fault.get() != Fault.LATE) {
            misbehave("AUTH", fault.get());
            return;
        }
        say("535 5.7.8 no", fault, () -> history.refused(peer, name, password));
    }

    private void mail(String text) {
        forget();
        if (peer.authenticates() && user.isEmpty()) {
            say("530 5.7.0 log in first");
            return;
        }
        mailTaken = answer("MAIL", Fault.ANYWHERE, "250 go on");
        sender = Optional.of(address(text));
    }

    private void rcpt(String text) {
        String address = address(text);
        if (!mailTaken) {
            say("503 no sender");
        } else if (address.startsWith("nobody")) {
            say("550 5.1.1 nobody");
        } else if (answer("RCPT", Fault.ANYWHERE, "250 go on")) {
            recipients.add(address);
        }
    }

    private static String address(String text) {
        return text.substring(text.indexOf('<') + 1, text.indexOf('>'));
    }

    private void data() {
        if (recipients.isEmpty()) {
            say("554 no recipients");
        } else if (answer("DATA", Fault.ANYWHERE, "354 go on")) {
            reading = Reading.CONTENT;
        }
    }

    private void bdat(String[] words) {
        chunk = Integer.parseInt(words[1]);
        lastChunk = words.length > 2;
        reading = Reading.CHUNK;
    }

    // ---- content

    private boolean readContent() {
        String text = input.toString(ISO_8859_1);
        int end = text.startsWith(".\r\n") ? -2 : text.indexOf("\r\n.\r\n");
        if (end == -1) {
            return false;
        }
        drop(end + 5);
        reading = Reading.COMMANDS;
        taken((end < 0 ? "" : unstuffed(text.substring(0, end + 2))).getBytes(ISO_8859_1));
        return true;
    }

    private static String unstuffed(String text) {
        return (text.startsWith(".") ? text.substring(1) : text).replace("\r\n.", "\r\n");
    }

    private boolean readChunk() {
        if (input.size() < chunk) {
            return false;
        }
        content.write(input.toByteArray(), 0, chunk);
        drop(chunk);
        reading = Reading.COMMANDS;
        if (recipients.isEmpty()) {
            say("554 no recipients");
        } else if (lastChunk) {
            taken(content.toByteArray());
        } else {
            answer("BDAT", Fault.ANYWHERE, "250 go on");
        }
        return true;
    }

    private void taken(byte[] octets) {
        Optional<Fault> fault = peer.fault(Fault.AT_THE_END);
        boolean takes = fault.isEmpty()
                || List.of(Fault.LATE, Fault.TAKE_AND_CLOSE, Fault.TAKE_AND_HANG)
                        .contains(fault.get());
        Runnable confirmed = () -> {};
        if (takes) {
            confirmed = history.taken(this, new String(octets, ISO_8859_1), sender.orElse(""), List.copyOf(recipients));
        }
        forget();
        if (fault.isPresent() && fault.get() != Fault.LATE) {
            misbehave("end of content", fault.get());
            return;
        }
        say("250 taken", fault, confirmed);
    }

    private void forget() {
        mailTaken = false;
        sender = Optional.empty();
        recipients.clear();
        content = new ByteArrayOutputStream();
    }

    // ---- answers

    /** Returns whether it answered as it should. */
    private boolean answer(String stage, List<Fault> among, String reply) {
        Optional<Fault> fault = peer.fault(among);
        if (fault.isPresent() && fault.get() != Fault.LATE) {
            misbehave(stage, fault.get());
            return false;
        }
        say(reply, fault, () -> {});
        return true;
    }

    private void misbehave(String stage, Fault fault) {
        world.note(peer.toString(), fault + " at " + stage);
        switch (fault) {
            case TEMPORARY -> say("451 4.3.0 not now");
            case PERMANENT -> say("554 5.3.0 never");
            case NONSENSE -> say("hello there");
            case GOING -> {
                say("421 4.3.2 going down");
                line.hangUp(0);
                reading = Reading.NOTHING;
            }
            case CLOSE, TAKE_AND_CLOSE -> {
                line.hangUp(0);
                reading = Reading.NOTHING;
            }
            case RESET -> {
                line.breakOff(0);
                reading = Reading.NOTHING;
            }
            case HANG, TAKE_AND_HANG -> reading = Reading.NOTHING;
            case LATE -> throw new IllegalArgumentException("it answers in the end");
        }
    }

    private void say(String reply) {
        say(reply, Optional.empty(), () -> {});
    }

    // Half of what comes late comes octet by octet.
    private void say(String reply, Optional<Fault> late, Runnable read) {
        byte[] octets = (reply + "\r\n").getBytes(ISO_8859_1);
        long time = late.isEmpty() ? 0 : world.chance().nextLong(LONGEST_DELAY);
        if (late.isPresent() && world.chance().nextBoolean()) {
            line.dribble(octets, time, read);
        } else {
            line.say(octets, time, read);
        }
    }
}
