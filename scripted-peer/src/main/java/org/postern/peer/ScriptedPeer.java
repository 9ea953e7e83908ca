// SPDX-License-Identifier: Apache-2.0
package org.postern.peer;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * An SMTP peer that plays a dialogue, in the language that this package describes, on a port of 127.0.0.1 of its own.
 *
 * <p>{@link #verify()} says whether the client did what the dialogue expects. The transcript holds what came over the
 * wire, secrets included.
 *
 * <p>Threading: safe for several threads. No thread is left after {@link #close()}.
 */
public final class ScriptedPeer implements AutoCloseable {

    /** How long a client may say nothing, and how long {@link #verify()} waits for the dialogue to end. */
    public static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final int MOST_CONNECTIONS = 256;

    private final Dialogue dialogue;
    private final TestAuthority authority;
    private final Certificates certificates;
    private final Duration patience;
    private final Listener listener;
    private final Transcript transcript;
    private final Consumer<String> audience;
    private final List<byte[]> contents = new CopyOnWriteArrayList<>();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition progress = lock.newCondition();
    private final List<String> mismatches = new CopyOnWriteArrayList<>();
    private int played;

    private ScriptedPeer(
            Dialogue dialogue, TestAuthority authority, Duration patience, int port, Consumer<String> audience)
            throws IOException {
        this.dialogue = dialogue;
        this.authority = authority;
        this.certificates = new Certificates(authority);
        this.patience = patience;
        this.audience = audience;
        this.transcript = new Transcript(audience);
        this.listener = new Listener(port, MOST_CONNECTIONS, this::serve);
    }

    /**
     * Plays the dialogue in a file.
     *
     * @throws IllegalArgumentException naming file and line, if there is something that is no dialogue
     * @throws IOException if the file cannot be read or no port is free
     */
    public static ScriptedPeer play(Path file) throws IOException {
        return playText(file.getFileName().toString(), Files.readString(file));
    }

    /**
     * Plays a dialogue.
     *
     * @param name what error texts call it
     * @param text the dialogue
     */
    public static ScriptedPeer playText(String name, String text) throws IOException {
        return playText(name, text, TestAuthority.create(), PATIENCE);
    }

    /**
     * Plays a dialogue with certificates of a given authority.
     *
     * @param patience how long the client may say nothing, and how long {@link #verify()} waits
     */
    public static ScriptedPeer playText(String name, String text, TestAuthority authority, Duration patience)
            throws IOException {
        return started(new ScriptedPeer(DialogueReader.read(name, text), authority, patience, 0, line -> {}));
    }

    /**
     * Plays the dialogue in a file to somebody who looks on.
     *
     * @param port where to listen on 127.0.0.1; 0 for any that is free
     * @param audience is told what is said as it is said, as {@link #transcript()} has it, and each mismatch; called by
     *     the threads of the connections
     * @throws IllegalArgumentException naming file and line, if there is something that is no dialogue
     * @throws IOException if the file cannot be read or the port is not free
     */
    public static ScriptedPeer perform(Path file, int port, Consumer<String> audience) throws IOException {
        Dialogue dialogue = DialogueReader.read(file.getFileName().toString(), Files.readString(file));
        return started(new ScriptedPeer(dialogue, TestAuthority.create(), PATIENCE, port, audience));
    }

    private static ScriptedPeer started(ScriptedPeer peer) {
        peer.listener.start();
        return peer;
    }

    /** The port on {@link #host()}. */
    public int port() {
        return listener.port();
    }

    /** The name that good certificates are for; it means 127.0.0.1. */
    public String host() {
        return "localhost";
    }

    /** Where the peer listens. */
    public InetSocketAddress address() {
        return new InetSocketAddress("127.0.0.1", port());
    }

    /** Who signs the certificates; what clients have to trust. */
    public TestAuthority authority() {
        return authority;
    }

    /** Connections accepted so far. */
    public int connections() {
        return listener.accepted();
    }

    /** What was said, in order: the number of the connection in brackets, then {@code S:}, {@code C:} or {@code #}. */
    public List<String> transcript() {
        return transcript.lines();
    }

    /** The messages that {@code C: <content>} read, in the order of their ends, without stuffed dots. */
    public List<byte[]> contents() {
        return contents.stream().map(byte[]::clone).toList();
    }

    private void serve(int connection, Socket socket) throws IOException, InterruptedException {
        List<Step> steps = dialogue.stepsOf(connection).orElse(null);
        if (steps == null) {
            failed(dialogue.name() + ": connection " + connection + " was not expected");
            return;
        }
        try (Wire wire = new Wire(socket, patience)) {
            Player player = new Player(dialogue, connection, wire, listener, transcript, certificates, contents::add);
            play(player, steps, connection);
        }
    }

    // A mismatch is on record before the connection closes: whoever sees the close may ask at once.
    private void play(Player player, List<Step> steps, int connection) throws InterruptedException {
        try {
            boolean heardOut = player.play(steps);
            finished(connection);
            if (heardOut) {
                player.seeOff();
            } else {
                player.drain();
            }
        } catch (Player.Mismatch mismatch) {
            failed(mismatch.getMessage());
        }
    }

    private void finished(int connection) {
        lock.lock();
        try {
            played += connection <= dialogue.connections().size() ? 1 : 0;
            progress.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void failed(String mismatch) {
        audience.accept(mismatch);
        lock.lock();
        try {
            mismatches.add(mismatch);
            progress.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until every connection of the dialogue was played, at most as long as the peer's patience.
     *
     * @throws DialogueMismatch if the client did something else, or less
     */
    public void verify() {
        if (!awaitPlayed()) {
            failed(dialogue.name() + ": not played to its end; " + played + " of "
                    + dialogue.connections().size() + " connections were, " + connections() + " were made");
        }
        if (!mismatches.isEmpty()) {
            throw new DialogueMismatch(mismatches.stream().collect(Collectors.joining("\n"))
                    + transcript().stream().collect(Collectors.joining("\n  ", "\ntranscript:\n  ", "\n")));
        }
    }

    private boolean awaitPlayed() {
        lock.lock();
        try {
            long end = System.nanoTime() + patience.toNanos();
            while (played < dialogue.connections().size() && mismatches.isEmpty()) {
                long left = end - System.nanoTime();
                if (left <= 0 || listener.stopping()) {
                    return false;
                }
                // The end of the listener signals nobody, so it is looked for now and then.
                progress.awaitNanos(Math.min(left, TimeUnit.MILLISECONDS.toNanos(50)));
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        listener.close();
    }
}
