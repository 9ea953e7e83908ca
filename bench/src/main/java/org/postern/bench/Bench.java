// SPDX-License-Identifier: Apache-2.0
package org.postern.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
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
    private static final int MISSED = 3;

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
        describe();
        return options.marks() ? marks(folder) : bench(folder);
    }

    private int bench(Path folder) throws IOException, InterruptedException {
        Optional<Path> authority = options.tls ? Optional.of(folder.resolve("ca.pem")) : Optional.empty();
        Peer peer = new Peer(authority, 0, options.chunking());
        try (SinkProcess sink = SinkProcess.start(peer);
                Turns turns = new Turns(relays(folder, sink), sink, this::say)) {
            return measure(turns);
        }
    }

    private List<Relay> relays(Path folder, SinkProcess sink) throws IOException, InterruptedException {
        return new Contestants(options, this::say).relays(folder, sink, Demand.USUAL);
    }

    private int measure(Turns turns) throws IOException, InterruptedException {
        if (turns.relays().isEmpty()) {
            return CommandLine.ExitCode.SOFTWARE;
        }
        turns.relays().forEach(relay -> say(relay.version()));
        turns.start(options.rounds);
        turns.warmUp(options.warmUpPiece(), options.warmUp);
        turns.measure(options.cases(), options.rounds);
        print(turns);
        return turns.results().lost() == 0 ? CommandLine.ExitCode.OK : LOST;
    }

    private int marks(Path folder) throws IOException, InterruptedException {
        Marks marks = new Marks(options, folder, this::say);
        try {
            marks.measure();
        } finally {
            // What broke one row is no reason to lose a quarter of an hour of others.
            print(marks);
        }
        if (marks.lost() > 0) {
            return LOST;
        }
        return options.strict && marks.lines().stream().anyMatch(line -> line.verdict() == MarkLine.Verdict.MISSED)
                ? MISSED
                : CommandLine.ExitCode.OK;
    }

    private void print(Marks marks) {
        say("");
        new MarkTable(marks.lines(), Ansi.AUTO.enabled()).lines().forEach(this::say);
        say("");
        say("Lost: %d. Delivered more than once: %d.", marks.lost(), marks.repeated());
    }

    private void describe() throws IOException {
        say(
                "%d processors, Linux %s, queues on %s, sink by %s with AUTH PLAIN",
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.version"),
                Files.getFileStore(options.folder.toAbsolutePath()).type(),
                options.tls ? "STARTTLS" : "plain TCP");
    }

    private void print(Turns turns) {
        List<Relay> relays = turns.relays();
        Optional<String> second =
                relays.size() > 1 ? Optional.of(relays.getLast().name()) : Optional.empty();
        say("");
        say("least / median / greatest of %d rounds", options.rounds);
        new Table(turns.results(), relays.getFirst().name(), second)
                .lines(options.cases())
                .forEach(out::println);
        out.flush();
    }

    private void say(String format, Object... arguments) {
        say(String.format(Locale.ROOT, format, arguments));
    }

    private void say(String line) {
        out.println(line);
        out.flush();
    }
}
