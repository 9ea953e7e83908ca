// SPDX-License-Identifier: Apache-2.0
package org.postern.bench.crash;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.postern.bench.Folders;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line. */
@Command(
        name = "./dev crash",
        mixinStandardHelpOptions = true,
        description =
                "Kills the built relay under load, again and again, and proves from what clients and peers saw that"
                        + " everything accepted was delivered once, or twice where a kill came between a peer's reply and the"
                        + " disk.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every promise was kept",
            "1:one was broken; the history is kept",
            "2:the command line is wrong",
            "4:the campaign could not be run to its end"
        })
final class Crash implements Callable<Integer> {

    private static final int BROKEN = 1;
    private static final int NOT_RUN = 4;
    private static final int QUIET_STEP = 25;
    private static final String KEPT = "Every promise was kept.";
    private static final long SEEDS = 1_000_000_000L;

    @Option(
            names = "--cycles",
            paramLabel = "N",
            defaultValue = "50",
            description = "how many relays are ended (default: ${DEFAULT-VALUE})")
    private int cycles;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "decides on messages, refusals and moments; what the machine does in between no seed decides"
                    + " (default: another each time)")
    private Long seed;

    @Option(
            names = "--messages",
            paramLabel = "N",
            defaultValue = "250",
            description = "messages sent in one life at most (default: ${DEFAULT-VALUE})")
    private int messages;

    @Option(
            names = "--nodes",
            paramLabel = "N",
            defaultValue = "1",
            description = "so many relays share a queue in PostgreSQL, and now and then the database is killed; 1 for a"
                    + " relay with a spool of its own (default: ${DEFAULT-VALUE})")
    private int nodes;

    @Option(
            names = "--minutes",
            paramLabel = "N",
            description = "begins no further cycle after so long, and lets the mail out (default: no limit)")
    private Long minutes;

    @Option(names = "--progress", description = "writes the state of each cycle over the last; so it is on a terminal")
    private boolean progress;

    @Option(names = "--check", paramLabel = "HISTORY", description = "runs nothing; judges a history that was kept")
    private Path kept;

    @Option(names = "--home", description = "the built home (default: launcher/target/postern of the checkout)")
    private Path home = Path.of("launcher/target/postern");

    @Option(names = "--folder", description = "for spool and history, on a disk (default: bench/target/crash)")
    private Path folder = Path.of("bench/target/crash");

    private final long began = System.nanoTime();

    @Spec
    private CommandSpec spec;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Crash()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (cycles < 1 || messages < 1 || nodes < 1) {
            throw new ParameterException(spec.commandLine(), "--cycles, --messages and --nodes must be at least 1");
        }
        if (kept != null) {
            return conclude(History.judge(kept), kept, KEPT);
        }
        long chosen = seed == null ? new SecureRandom().nextLong(SEEDS) : seed;
        Folders.fresh(folder.toAbsolutePath());
        Path file = folder.resolve("history");
        Checker checker = new Checker();
        say("%d cycles with --seed %d; history in %s", cycles, chosen, file);
        try (History history = new History(file, checker)) {
            run(history, chosen, cycle -> progress(cycle, checker.summary()));
        } catch (IOException failure) {
            say("%nNot run to its end: %s (--seed %d)", failure.getMessage(), chosen);
            conclude(checker, file, "No promise was broken so far.");
            return NOT_RUN;
        }
        int code = conclude(checker, file, KEPT);
        if (code == CommandLine.ExitCode.OK) {
            Folders.delete(folder.toAbsolutePath());
        }
        return code;
    }

    private void run(History history, long chosen, IntConsumer progressed) throws IOException, InterruptedException {
        Path built = home.toAbsolutePath();
        Path own = folder.toAbsolutePath();
        if (nodes == 1) {
            new Campaign(built, own, history, chosen, messages).run(cycles, this::isTimeLeft, progressed);
        } else {
            new ClusterCampaign(built, own, history, chosen, messages).run(nodes, cycles, this::isTimeLeft, progressed);
        }
    }

    private boolean isTimeLeft() {
        return minutes == null || System.nanoTime() - began < TimeUnit.MINUTES.toNanos(minutes);
    }

    private void progress(int cycle, Checker.Summary summary) {
        if (progress) {
            spec.commandLine().getOut().printf(Locale.ROOT, "\r%d of %d: %s  ", cycle, cycles, words(summary));
            spec.commandLine().getOut().flush();
        } else if (cycle % QUIET_STEP == 0) {
            say("%d of %d: %s", cycle, cycles, words(summary));
        }
    }

    private static String words(Checker.Summary summary) {
        return String.format(
                Locale.ROOT,
                "%,d messages accepted, %,d recipients reached, %,d refused and reported, %,d under way,"
                        + " %,d twice in the window",
                summary.accepted(),
                summary.delivered(),
                summary.reported(),
                summary.outstanding(),
                summary.twice());
    }

    private int conclude(Checker checker, Path file, String right) {
        Checker.Summary summary = checker.summary();
        say("%s%d killed; %s", progress ? "\n" : "", summary.kills(), words(summary));
        if (summary.violations() == 0) {
            say(right);
            return CommandLine.ExitCode.OK;
        }
        checker.violations().forEach(line -> say("  %s", line));
        say("%d promises were broken. The history is %s", summary.violations(), file);
        return BROKEN;
    }

    private void say(String format, Object... arguments) {
        spec.commandLine().getOut().println(String.format(Locale.ROOT, format, arguments));
        spec.commandLine().getOut().flush();
    }
}
