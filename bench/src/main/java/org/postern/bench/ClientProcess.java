// SPDX-License-Identifier: Apache-2.0
package org.postern.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import org.postern.bench.clients.Kind;
import org.postern.bench.clients.Sender;

/** A client of Java programs in a process of its own, with one session to the sink that it keeps. Used by one thread. */
final class ClientProcess implements AutoCloseable {

    private static final double NANOS = 1e9;

    private final Kind kind;
    private final SinkProcess sink;
    private final Process process;
    private final PrintStream commands;
    private final BufferedReader answers;
    private int phases;

    private ClientProcess(Kind kind, SinkProcess sink, Process process) {
        this.kind = kind;
        this.sink = sink;
        this.process = process;
        this.commands = new PrintStream(process.getOutputStream(), true, StandardCharsets.US_ASCII);
        this.answers = process.inputReader(StandardCharsets.US_ASCII);
    }

    static ClientProcess start(Kind kind, SinkProcess sink) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Sender.class.getName(),
                        kind.name(),
                        Integer.toString(sink.port()),
                        SinkSession.USER,
                        SinkSession.PASSWORD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        return new ClientProcess(kind, sink, process);
    }

    Kind kind() {
        return kind;
    }

    /**
     * Sends so many messages.
     *
     * @return messages per second of processor time
     * @throws IOException if not all of them came
     */
    double send(int messages) throws IOException, InterruptedException {
        String phase = kind.name().toLowerCase(Locale.ROOT).replace('_', 'x') + phases++;
        sink.expect(phase, messages);
        commands.println(phase + " " + messages);
        String answer = answers.readLine();
        if (answer == null || sink.report()[0] < messages) {
            throw new IOException(kind.title() + " did not deliver all of " + messages + " messages");
        }
        return messages / (Long.parseLong(answer) / NANOS);
    }

    @Override
    public void close() {
        process.destroy();
    }
}
