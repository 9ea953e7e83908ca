// SPDX-License-Identifier: Apache-2.0
package org.postern.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** The command line of {@code ./dev profile}: a relay under load, watched by the JDK's Flight Recorder once it is warm. */
@CommandLine.Command(
        name = "./dev profile",
        mixinStandardHelpOptions = true,
        description = "Says where the processor time and the memory of the built relay go under load, and keeps the"
                + " recording for JDK Mission Control.")
final class Profile implements Callable<Integer> {

    private static final int PIECE = 2000;

    @Option(
            names = "--seconds",
            defaultValue = "20",
            description = "how long it is watched (default: ${DEFAULT-VALUE})")
    int seconds;

    @Option(
            names = "--warm-up",
            paramLabel = "SECONDS",
            defaultValue = "20",
            description = "load before that (default: ${DEFAULT-VALUE})")
    int warmUp;

    @Option(names = "--connections", defaultValue = "10", description = "connections in (default: ${DEFAULT-VALUE})")
    int connections;

    @Option(names = "--octets", defaultValue = "4096", description = "octets of a message (default: ${DEFAULT-VALUE})")
    int octets;

    @Option(names = "--tls", description = "delivers under STARTTLS with a verified certificate")
    boolean tls;

    @Option(names = "--lines", defaultValue = "25", description = "lines of each list (default: ${DEFAULT-VALUE})")
    int lines;

    @Option(names = "--home", description = "the built home (default: launcher/target/postern of the checkout)")
    Path home = Path.of("launcher/target/postern");

    @Option(names = "--folder", description = "for queue and recording, on a disk (default: bench/target/profile)")
    Path folder = Path.of("bench/target/profile");

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Profile()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path base = Folders.fresh(folder.toAbsolutePath());
        Path recording = base.resolve("postern.jfr");
        Peer peer = new Peer(tls ? Optional.of(base.resolve("ca.pem")) : Optional.empty(), 0, true);
        try (SinkProcess sink = SinkProcess.start(peer);
                Relay relay =
                        PosternRelay.of("Postern", home.toAbsolutePath(), base.resolve("run"), sink, Demand.USUAL)) {
            int messages = record(relay, new Round(sink), recording);
            new Flight(recording, messages, lines).report().forEach(System.out::println);
        }
        say("recording: %s", recording);
        return CommandLine.ExitCode.OK;
    }

    /** Returns how many messages went through while it was watched. */
    private int record(Relay relay, Round round, Path recording) throws IOException, InterruptedException {
        round.start(relay);
        say("warming up for %d s", warmUp);
        load(relay, round, warmUp);
        jcmd(
                relay,
                "JFR.start",
                "name=postern",
                "settings=profile",
                "jdk.CPUTimeSample#enabled=true",
                "jdk.CPUTimeSample#throttle=2ms");
        say("watching for %d s", seconds);
        Map<String, Double> before = relay.processes().orElseThrow().cpuOfThreads();
        int messages = load(relay, round, seconds);
        threads(before, relay.processes().orElseThrow().cpuOfThreads(), messages);
        jcmd(relay, "JFR.stop", "name=postern", "filename=" + recording);
        return messages;
    }

    /** What the recording does not see: the compiler, the collector, Flight Recorder itself. */
    private void threads(Map<String, Double> before, Map<String, Double> after, int messages) {
        Map<String, Double> used = new HashMap<>();
        after.forEach((name, cpu) -> used.put(name, cpu - before.getOrDefault(name, 0.0)));
        double all = used.values().stream().mapToDouble(Double::doubleValue).sum();
        say("");
        say("%.3f s of processor time per 1,000 messages, by thread of the system", 1000 * all / messages);
        used.entrySet().stream()
                .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                .limit(lines)
                .forEach(entry -> say("  %5.1f %%  %s", 100 * entry.getValue() / all, entry.getKey()));
    }

    private int load(Relay relay, Round round, int length) throws IOException, InterruptedException {
        Case piece = new Case(connections, PIECE, octets);
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(length);
        int messages = 0;
        while (System.nanoTime() - until < 0) {
            messages += round.measure(relay, piece).messages();
        }
        return messages;
    }

    private static void jcmd(Relay relay, String... words) throws IOException, InterruptedException {
        long pid = relay.processes().orElseThrow().root().pid();
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        List<String> command = new ArrayList<>(List.of(jcmd, Long.toString(pid)));
        command.addAll(List.of(words));
        new Command(command).output();
    }

    private static void say(String format, Object... arguments) {
        System.out.println(String.format(Locale.ROOT, format, arguments));
    }
}
