// SPDX-License-Identifier: Apache-2.0
package org.postern.bench;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/**
 * How a relay starts on a long queue: mail is taken in while delivery is suspended, the relay is stopped, and started again
 * with delivery. Says how long it takes to the first delivery, and what lives in its heap then.
 */
@CommandLine.Command(
        name = "./dev backlog",
        mixinStandardHelpOptions = true,
        description = "Starts Postern on a long queue: time to the first delivery, and memory for each message.")
final class Backlog implements Callable<Integer> {

    private static final String PHASE = "backlog";
    private static final long PATIENCE = TimeUnit.MINUTES.toNanos(5);
    private static final long LOOK_MILLIS = 20;
    private static final double NANOS = 1e9;
    private static final Pattern TOTAL = Pattern.compile("(?m)^Total\\s+\\d+\\s+(\\d+)");

    @Option(names = "--messages", defaultValue = "1000000", description = "how many wait (default: ${DEFAULT-VALUE})")
    int messages;

    @Option(names = "--octets", defaultValue = "1024", description = "octets of each (default: ${DEFAULT-VALUE})")
    int octets;

    @Option(names = "--heap", defaultValue = "3g", description = "the JVM's -Xmx (default: ${DEFAULT-VALUE})")
    String heap;

    @Option(names = "--direct", description = "the mail is written to the spool by this process, and not handed in")
    boolean direct;

    @Option(names = "--home", description = "the built home (default: launcher/target/postern of the checkout)")
    Path home = Path.of("launcher/target/postern");

    @Option(names = "--folder", description = "where the queue is, on a disk (default: bench/target/backlog)")
    Path folder = Path.of("bench/target/backlog");

    private int port;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Backlog()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Folders.fresh(folder);
        port = Ports.free();
        try (SinkProcess sink = SinkProcess.start(Peer.PLAIN)) {
            if (direct) {
                fillDirectly();
            } else {
                fill(sink);
            }
            int exit = measure(sink);
            if (exit == CommandLine.ExitCode.OK) {
                Folders.delete(folder);
            }
            return exit;
        }
    }

    private void fill(SinkProcess sink) throws IOException, InterruptedException {
        Process relay = start(sink, true);
        try {
            awaitListener(relay);
            long began = System.nanoTime();
            new Load(port, new Case(20, messages, octets), PHASE).run();
            sayTaken(began);
        } finally {
            stop(relay);
        }
    }

    private void fillDirectly() throws IOException, InterruptedException {
        long began = System.nanoTime();
        new SpoolFill(PHASE, messages, octets).run(folder.resolve("state"));
        sayTaken(began);
    }

    private void sayTaken(long began) {
        double seconds = (System.nanoTime() - began) / NANOS;
        say("%,d messages of %,d octets taken in, %,.0f per second", messages, octets, messages / seconds);
    }

    private int measure(SinkProcess sink) throws IOException, InterruptedException {
        sink.expect(PHASE, messages);
        long began = System.nanoTime();
        Process relay = start(sink, false);
        try {
            while (sink.report()[0] == 0) {
                if (!relay.isAlive() || System.nanoTime() - began > PATIENCE) {
                    say("nothing was delivered; the log is %s", folder.resolve("postern.log"));
                    return CommandLine.ExitCode.SOFTWARE;
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS));
            }
            say("first delivery %.1f s after the start", (System.nanoTime() - began) / NANOS);
            say("CPU by then %.1f s", new ProcessTree(relay.toHandle()).cpuSeconds());
            long live = live(relay);
            int waiting = messages - sink.report()[0];
            say(
                    "%,d MB live in the heap with %,d waiting, %,d octets each; %,d MB resident",
                    live >> 20, waiting, live / Math.max(1, waiting), new ProcessTree(relay.toHandle()).memory() >> 20);
            return CommandLine.ExitCode.OK;
        } finally {
            stop(relay);
        }
    }

    private Process start(SinkProcess sink, boolean suspended) throws IOException {
        Path configuration = Files.writeString(folder.resolve("postern.conf"), """
                Gateway = "localhost:%d"
                TLS = "no"
                Suspend_Delivery = %s
                Outbound_SMTP_AUTH_Type = "PLAIN"
                Outbound_SMTP_AUTH_User = "%s"
                Outbound_SMTP_AUTH_Pass = "%s"
                ESMTP_Listener {
                  Listen "127.0.0.1:%d" { }
                }
                """.formatted(
                        sink.port(), suspended, SinkSession.USER, SinkSession.PASSWORD, port));
        ProcessBuilder command = new ProcessBuilder(
                        home.resolve("postern").toString(),
                        "run",
                        "-c",
                        configuration.toString(),
                        "--state",
                        folder.resolve("state").toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("postern.log").toFile()));
        command.environment().put("POSTERN_JAVA_OPTS", "-Xmx" + heap);
        return command.start();
    }

    private void awaitListener(Process relay) throws IOException {
        long began = System.nanoTime();
        while (true) {
            try {
                LoadClient.connect(port, octets).close();
                return;
            } catch (ConnectException notYet) {
                if (!relay.isAlive() || System.nanoTime() - began > PATIENCE) {
                    throw new IOException("Postern does not listen; see " + folder.resolve("postern.log"), notYet);
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS));
            }
        }
    }

    /** Octets that live after a full collection. */
    private static long live(Process relay) throws IOException, InterruptedException {
        Command histogram = new Command(List.of(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(relay.pid()),
                "GC.class_histogram"));
        Matcher total = TOTAL.matcher(histogram.output());
        return total.find() ? Long.parseLong(total.group(1)) : 0;
    }

    private static void stop(Process relay) throws InterruptedException {
        relay.destroy();
        if (!relay.waitFor(1, TimeUnit.MINUTES)) {
            relay.destroyForcibly().waitFor();
        }
    }

    private static void say(String format, Object... arguments) {
        System.out.println(String.format(Locale.ROOT, format, arguments));
    }
}
