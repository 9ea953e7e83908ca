// SPDX-License-Identifier: Apache-2.0
package org.postern.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The process of the {@link Sink}, and talking to it. Used by one thread. */
final class SinkProcess implements AutoCloseable {

    private static final long ANSWER_SECONDS = 30;

    private record Said(String line, long at) {}

    private final Process process;
    private final PrintStream commands;
    private final BlockingQueue<Said> said = new LinkedBlockingQueue<>();
    private final Peer peer;
    private final int port;

    private SinkProcess(Process process, Peer peer) throws IOException, InterruptedException {
        this.process = process;
        this.peer = peer;
        this.commands = new PrintStream(process.getOutputStream(), true, StandardCharsets.US_ASCII);
        Thread.ofPlatform().daemon().name("bench-sink-says").start(this::listen);
        this.port = Integer.parseInt(answer("port").split(" ")[1]);
    }

    /** @param peer what it is to be like */
    static SinkProcess start(Peer peer) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx384m",
                "-cp",
                System.getProperty("java.class.path"),
                Sink.class.getName()));
        command.addAll(peer.words());
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        return new SinkProcess(process, peer);
    }

    private void listen() {
        try (BufferedReader reader = process.inputReader(StandardCharsets.US_ASCII)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                said.add(new Said(line, System.nanoTime()));
            }
        } catch (IOException ended) {
            // The next answer will be missing.
        }
    }

    int port() {
        return port;
    }

    /** The certificate of the authority that signed the sink's, if there is TLS. */
    Optional<Path> authority() {
        return peer.authority();
    }

    /** What it is like. */
    Peer peer() {
        return peer;
    }

    ProcessTree processes() {
        return new ProcessTree(process.toHandle());
    }

    /** Begins a new list. */
    void expect(String phase, int count) throws IOException, InterruptedException {
        said.clear();
        commands.println("expect " + phase + " " + count);
        answer("ready");
    }

    /** When the last of the list came, by {@link System#nanoTime}; empty if it did not within so many seconds. */
    Optional<Long> awaitAll(long seconds) throws InterruptedException {
        Said done = said.poll(seconds, TimeUnit.SECONDS);
        return Optional.ofNullable(done).map(Said::at);
    }

    /** How many different messages of the list have come, and how many came again. */
    int[] report() throws IOException, InterruptedException {
        commands.println("report");
        String[] words = answer("have").split(" ");
        return new int[] {Integer.parseInt(words[1]), Integer.parseInt(words[2])};
    }

    /** When each message of the list came, by {@link Latency#now}; 0 for what has not. */
    long[] times() throws IOException, InterruptedException {
        commands.println("times");
        return Arrays.stream(answer("times").split(" "))
                .skip(1)
                .mapToLong(Long::parseLong)
                .toArray();
    }

    private String answer(String word) throws IOException, InterruptedException {
        while (true) {
            Said next = said.poll(ANSWER_SECONDS, TimeUnit.SECONDS);
            if (next == null) {
                throw new IOException("the sink does not answer");
            }
            if (next.line().startsWith(word)) {
                return next.line();
            }
        }
    }

    @Override
    public void close() {
        process.destroy();
    }
}
