// SPDX-License-Identifier: Apache-2.0
package org.postern.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line: both relays take turns at the same loads, so that what else the machine does meets both. */
@Command(
        name = "./dev bench",
        mixinStandardHelpOptions = true,
        description = "Measures Postern beside Postfix on this machine: both take SMTP in, keep it safely on the disk,"
                + " and deliver it with AUTH PLAIN to a sink. Only the ratios mean anything elsewhere.")
final class Bench implements Callable<Integer> {

    private static final int LOST = 1;

    @Mixin
    private Options options;

    @Spec
    private CommandSpec spec;

    private PrintWriter out;

    public static void main(String[] arguments) {
        CommandLine line = new CommandLine(new Bench()).setCaseInsensitiveEnumValuesAllowed(true);
        System.exit(line.execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<String> problems = options.problems();
        if (!problems.isEmpty()) {
            throw new ParameterException(spec.commandLine(), String.join("; ", problems));
        }
        out = spec.commandLine().getOut();
        Path folder = Folders.fresh(options.folder.toAbsolutePath());
        Optional<Path> authority = options.tls ? Optional.of(folder.resolve("ca.pem")) : Optional.empty();
        try (SinkProcess sink = SinkProcess.start(authority)) {
            return measure(folder, sink);
        }
    }

    private int measure(Path folder, SinkProcess sink) throws IOException, InterruptedException {
        List<Relay> relays = relays(folder, sink);
        if (relays.isEmpty()) {
            return CommandLine.ExitCode.SOFTWARE;
        }
        try {
            Results results = measure(relays, new Round(sink));
            print(relays, results);
            return results.lost() == 0 ? CommandLine.ExitCode.OK : LOST;
        } finally {
            for (Relay relay : relays) {
                relay.close();
            }
        }
    }

    private List<Relay> relays(Path folder, SinkProcess sink) throws IOException, InterruptedException {
        List<Relay> relays = new ArrayList<>();
        if (options.only != Options.Only.POSTFIX) {
            relays.add(PosternRelay.of("Postern", options.home.toAbsolutePath(), folder.resolve("postern"), sink));
        }
        if (options.against != null) {
            relays.add(PosternRelay.of("Other", options.against.toAbsolutePath(), folder.resolve("other"), sink));
        } else if (options.only != Options.Only.POSTERN) {
            PostfixRelay.find(folder.resolve("postfix"), sink, this::say).ifPresent(relays::add);
        }
        return relays;
    }

    private Results measure(List<Relay> relays, Round round) throws IOException, InterruptedException {
        Results results = new Results();
        describe(relays);
        for (int i = 0; i < options.rounds; i++) {
            for (Relay relay : relays) {
                relay.stop();
                results.addStart(relay.name(), round.start(relay));
            }
        }
        for (Relay relay : relays) {
            warmUp(relay, round);
        }
        for (int i = 0; i < options.rounds; i++) {
            for (Case load : options.cases()) {
                // Whoever goes second finds the disk as the first one left it.
                for (Relay relay : i % 2 == 0 ? relays : relays.reversed()) {
                    note(i, relay, load, round.measure(relay, load), results);
                }
            }
        }
        return results;
    }

    /** The same time for each: a JVM compiles, the processes of a pool are started. */
    private void warmUp(Relay relay, Round round) throws IOException, InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(options.warmUp);
        int messages = 0;
        while (System.nanoTime() - until < 0) {
            messages += round.measure(relay, options.warmUpPiece()).messages();
        }
        say("%s warmed up with %d messages", relay.name(), messages);
    }

    private void note(int round, Relay relay, Case load, Sample sample, Results results) {
        results.add(relay.name(), load, sample);
        say(
                "round %d, %2d in, %s: %.0f messages/s, CPU %.3f s per 1000%s",
                round + 1,
                load.connections(),
                relay.name(),
                sample.deliveredPerSecond(),
                sample.cpuPerThousand(),
                sample.complete() ? "" : ", LOST " + sample.lost());
    }

    private void describe(List<Relay> relays) throws IOException {
        relays.forEach(relay -> say("%s", relay.version()));
        say(
                "%d processors, Linux %s, queues on %s, sink by %s with AUTH PLAIN",
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.version"),
                Files.getFileStore(options.folder.toAbsolutePath()).type(),
                options.tls ? "STARTTLS" : "plain TCP");
    }

    private void print(List<Relay> relays, Results results) {
        Optional<String> second =
                relays.size() > 1 ? Optional.of(relays.getLast().name()) : Optional.empty();
        say("");
        say("least / median / greatest of %d rounds", options.rounds);
        new Table(results, relays.getFirst().name(), second)
                .lines(options.cases())
                .forEach(out::println);
        out.flush();
    }

    private void say(String format, Object... arguments) {
        out.println(String.format(Locale.ROOT, format, arguments));
        out.flush();
    }

    private void say(String line) {
        say("%s", line);
    }
}
