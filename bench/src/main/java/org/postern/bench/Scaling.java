// SPDX-License-Identifier: Apache-2.0
package org.postern.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/**
 * What a shared queue costs: one relay with a spool of its own, and then one, two, three that share a database, with the same
 * messages each time. All of it on this machine, so that only what a message costs can be read from it, and not how machines
 * add up.
 */
@CommandLine.Command(
        name = "./dev scaling",
        mixinStandardHelpOptions = true,
        description = "Measures relays that share a queue in PostgreSQL beside one with a spool of its own.")
final class Scaling implements Callable<Integer> {

    private static final int LEASE_SECONDS = 300;
    private static final long PATIENCE_SECONDS = 300;
    private static final long LOOK_MILLIS = 20;
    private static final double NANOS = 1e9;
    private static final double MILLIS = 1e3;

    @Option(names = "--nodes", defaultValue = "3", description = "up to so many (default: ${DEFAULT-VALUE})")
    int nodes;

    @Option(names = "--messages", defaultValue = "5000", description = "in each round (default: ${DEFAULT-VALUE})")
    int messages;

    @Option(names = "--octets", defaultValue = "4096", description = "octets of each (default: ${DEFAULT-VALUE})")
    int octets;

    @Option(names = "--connections", defaultValue = "12", description = "that hand mail in (default: ${DEFAULT-VALUE})")
    int connections;

    @Option(names = "--rounds", defaultValue = "3", description = "of each kind, in turn (default: ${DEFAULT-VALUE})")
    int rounds;

    @Option(names = "--home", description = "the built home (default: launcher/target/postern of the checkout)")
    Path home = Path.of("launcher/target/postern");

    @Option(names = "--folder", description = "on a disk (default: bench/target/scaling)")
    Path folder = Path.of("bench/target/scaling");

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    private record Node(Process process, int port) {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Scaling()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        say("%-12s %12s %12s %20s %20s", "spool", "accepted/s", "delivered/s", "CPU ms: relays", "CPU ms: database");
        try (SinkProcess sink = SinkProcess.start(Peer.PLAIN)) {
            for (int round = 0; round < rounds; round++) {
                measure("local", 0, sink, round);
                for (int count = 1; count <= nodes; count++) {
                    measure("shared by " + count, count, sink, round);
                }
            }
        } finally {
            Folders.delete(folder);
        }
        return CommandLine.ExitCode.OK;
    }

    private void measure(String name, int count, SinkProcess sink, int round) throws IOException, InterruptedException {
        Folders.fresh(folder);
        List<Node> running = new ArrayList<>();
        try (Database database = count == 0 ? Database.NONE : Database.of(PostgresqlServer.create())) {
            try {
                for (int i = 0; i < Math.max(1, count); i++) {
                    Path own = Files.createDirectories(folder.toAbsolutePath().resolve("node" + i));
                    running.add(start(own, sink, database.stanza(own)));
                }
                // Once for nothing: the first messages of a process are those that compile it.
                round(running, sink, "warm" + count + "." + round);
                double relays = cpu(running);
                double server = database.cpuSeconds();
                double[] seconds = round(running, sink, "real" + count + "." + round);
                say(
                        "%-12s %12.0f %12.0f %20.2f %20.2f",
                        name,
                        messages / seconds[0],
                        messages / seconds[1],
                        (cpu(running) - relays) * MILLIS / messages,
                        (database.cpuSeconds() - server) * MILLIS / messages);
            } finally {
                for (Node node : running) {
                    stop(node);
                }
            }
        }
    }

    /** The server, if there is one. */
    private interface Database extends AutoCloseable {

        Database NONE = new Database() {};

        static Database of(PostgresqlServer server) {
            return new Database() {
                @Override
                public String stanza(Path beside) throws IOException {
                    return server.stanza(beside, LEASE_SECONDS);
                }

                @Override
                public double cpuSeconds() throws IOException {
                    return server.processes().cpuSeconds();
                }

                @Override
                public void close() throws IOException {
                    server.close();
                }
            };
        }

        default String stanza(Path beside) throws IOException {
            return "";
        }

        default double cpuSeconds() throws IOException {
            return 0;
        }

        @Override
        default void close() throws IOException {}
    }

    private static double cpu(List<Node> running) throws IOException {
        double seconds = 0;
        for (Node node : running) {
            seconds += new ProcessTree(node.process().toHandle()).cpuSeconds();
        }
        return seconds;
    }

    /** Seconds until all was accepted, and until all was delivered. */
    private double[] round(List<Node> running, SinkProcess sink, String phase)
            throws IOException, InterruptedException {
        sink.expect(phase, messages);
        long began = System.nanoTime();
        new Load(running.stream().map(Node::port).toList(), new Case(connections, messages, octets), phase).run();
        double accepted = (System.nanoTime() - began) / NANOS;
        long end = sink.awaitAll(PATIENCE_SECONDS)
                .orElseThrow(() -> new IOException("not all messages came; the logs are in " + folder));
        return new double[] {accepted, (end - began) / NANOS};
    }

    private Node start(Path own, SinkProcess sink, String stanza) throws IOException {
        int port = Ports.free();
        Path configuration = Files.writeString(own.resolve("postern.conf"), """
                Gateway = "localhost:%d"
                TLS = "no"
                Outbound_SMTP_AUTH_Type = "PLAIN"
                Outbound_SMTP_AUTH_User = "%s"
                Outbound_SMTP_AUTH_Pass = "%s"
                ESMTP_Listener {
                  Listen "127.0.0.1:%d" { }
                }
                %s
                """.formatted(
                        sink.port(), SinkSession.USER, SinkSession.PASSWORD, port, stanza));
        Process process = new ProcessBuilder(
                        home.toAbsolutePath().resolve("postern").toString(),
                        "run",
                        "-c",
                        configuration.toString(),
                        "--state",
                        own.resolve("state").toString())
                .redirectErrorStream(true)
                .redirectOutput(own.resolve("postern.log").toFile())
                .start();
        Node node = new Node(process, port);
        awaitReady(node, own.resolve("postern.log"));
        return node;
    }

    /** Its listener answers before there is a spool; it is ready when it says so. */
    private static void awaitReady(Node node, Path log) throws IOException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!Files.readString(log).contains("listens on")) {
            if (!node.process().isAlive() || System.nanoTime() - until > 0) {
                throw new IOException("Postern does not get ready; see " + log);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS));
        }
    }

    private static void stop(Node node) throws InterruptedException {
        node.process().destroy();
        if (!node.process().waitFor(1, TimeUnit.MINUTES)) {
            node.process().destroyForcibly().waitFor();
        }
    }

    private void say(String format, Object... arguments) {
        spec.commandLine().getOut().println(String.format(Locale.ROOT, format, arguments));
        spec.commandLine().getOut().flush();
    }
}
