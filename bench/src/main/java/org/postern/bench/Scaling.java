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
import java.util.function.ToDoubleFunction;
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

    @Option(
            names = "--warm-up",
            paramLabel = "SECONDS",
            defaultValue = "20",
            description = "load on each before anything counts (default: ${DEFAULT-VALUE})")
    int warmUp;

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
            List<List<Cost>> all = new ArrayList<>();
            for (int round = 0; round < rounds; round++) {
                List<Cost> costs = new ArrayList<>();
                for (int count = 0; count <= nodes; count++) {
                    costs.add(measure(count, sink, round));
                }
                all.add(costs);
            }
            sayRatios(all);
        } finally {
            Folders.delete(folder);
        }
        return CommandLine.ExitCode.OK;
    }

    private static String name(int count) {
        return count == 0 ? "local" : "shared by " + count;
    }

    /** What a round came to: messages per second, and milliseconds of CPU for each. */
    private record Cost(double accepted, double delivered, double relays, double server) {

        static Cost of(int messages, double[] seconds, double relaysSeconds, double serverSeconds) {
            return new Cost(
                    messages / seconds[0],
                    messages / seconds[1],
                    relaysSeconds * MILLIS / messages,
                    serverSeconds * MILLIS / messages);
        }
    }

    /** Of each round by itself, since what the machine gives changes from one to the next. */
    private void sayRatios(List<List<Cost>> all) {
        say("%n%-12s %26s %26s %26s", "to local", "delivered/s", "CPU: relays", "CPU: database");
        for (int count = 1; count <= nodes; count++) {
            say(
                    "%-12s %26s %26s %26s",
                    name(count),
                    ratio(all, count, Cost::delivered, Cost::delivered),
                    ratio(all, count, Cost::relays, Cost::relays),
                    ratio(all, count, Cost::server, Cost::relays));
        }
    }

    private static String ratio(
            List<List<Cost>> all, int count, ToDoubleFunction<Cost> figure, ToDoubleFunction<Cost> local) {
        Spread spread = Spread.of(all.stream()
                .map(costs -> figure.applyAsDouble(costs.get(count)) / local.applyAsDouble(costs.getFirst()))
                .toList());
        return String.format(Locale.ROOT, "%.2f (%.2f to %.2f)", spread.median(), spread.least(), spread.greatest());
    }

    private Cost measure(int count, SinkProcess sink, int round) throws IOException, InterruptedException {
        Folders.fresh(folder);
        List<Node> running = new ArrayList<>();
        try (Database database = count == 0 ? Database.NONE : Database.of(PostgresqlServer.create())) {
            try {
                for (int i = 0; i < Math.max(1, count); i++) {
                    Path own = Files.createDirectories(folder.toAbsolutePath().resolve("node" + i));
                    running.add(start(own, sink, database.stanza(own)));
                }
                warmUp(running, sink, count + "." + round);
                double relays = cpu(running);
                double server = database.cpuSeconds();
                double[] seconds = round(running, sink, "real" + count + "." + round);
                Cost cost = Cost.of(messages, seconds, cpu(running) - relays, database.cpuSeconds() - server);
                say(
                        "%-12s %12.0f %12.0f %20.2f %20.2f",
                        name(count), cost.accepted(), cost.delivered(), cost.relays(), cost.server());
                return cost;
            } finally {
                for (Node node : running) {
                    stop(node);
                }
            }
        }
    }

    /** The first messages of a process are those that compile it, and each node has a process of its own. */
    private void warmUp(List<Node> running, SinkProcess sink, String phase) throws IOException, InterruptedException {
        long began = System.nanoTime();
        int times = 0;
        do {
            round(running, sink, "warm" + phase + "." + times++);
        } while (System.nanoTime() - began < TimeUnit.SECONDS.toNanos(warmUp));
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
