// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher;

import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import org.postern.launcher.container.VerbCatalog;
import org.postern.launcher.demo.DemoCommand;
import org.postern.launcher.peer.PeerCommand;
import org.postern.launcher.send.SendCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line: its own verbs, and those that bundles add. */
public final class Postern {

    private final Home home;
    private final Terminal terminal;
    private final Map<String, String> environment;

    /** A command line for this home and terminal. */
    public Postern(Home home, Terminal terminal, Map<String, String> environment) {
        this.home = home;
        this.terminal = terminal;
        this.environment = Map.copyOf(environment);
    }

    /**
     * Runs one verb.
     *
     * @return the exit code, see {@link ExitCode}
     */
    public int run(String... arguments) {
        CommandLine line = commandLine();
        if (arguments.length == 0 || !line.getSubcommands().containsKey(arguments[0])) {
            addVerbsOfBundles(line);
        }
        return line.execute(arguments);
    }

    private CommandLine commandLine() {
        CommandLine line = new CommandLine(new Verbs());
        line.addSubcommand(new DemoCommand(home, terminal));
        line.addSubcommand(new PeerCommand(terminal));
        line.addSubcommand(new RunCommand(home, terminal));
        line.addSubcommand(new SendCommand(terminal, environment));
        line.addSubcommand(new VersionCommand());
        return settled(line);
    }

    private CommandLine settled(CommandLine line) {
        line.setOut(writer(terminal.out()));
        line.setErr(writer(terminal.err()));
        line.setColorScheme(CommandLine.Help.defaultColorScheme(terminal.colour() ? Ansi.ON : Ansi.OFF));
        line.setExpandAtFiles(false);
        line.setExecutionExceptionHandler(this::failed);
        line.setParameterExceptionHandler(this::misused);
        line.setUsageHelpAutoWidth(false);
        return line;
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, true);
    }

    /** Says in one line what happened; the stack trace is for those who ask with {@code -v}. */
    private int failed(Exception e, CommandLine line, ParseResult parsed) {
        String reason = e.getMessage() == null ? e.toString() : e.getMessage();
        terminal.err().println(terminal.bad("postern: ") + reason);
        if (parsed.originalArgs().contains("-v")) {
            e.printStackTrace(terminal.err());
        }
        return ExitCode.FAILED;
    }

    /** Two lines: what is wrong, and where help is. The whole help would push the first one off the screen. */
    private int misused(ParameterException wrong, String[] arguments) {
        CommandLine line = wrong.getCommandLine();
        if (arguments.length == 0) {
            line.usage(line.getErr());
        } else {
            String name = line.getCommandSpec().qualifiedName();
            boolean verb = line.getParent() == null && !arguments[0].startsWith("-");
            String what = verb ? "there is no verb " + arguments[0] : wrong.getMessage();
            line.getErr().println(terminal.bad(name + ": ") + what);
            UnmatchedArgumentException.printSuggestions(wrong, line.getErr());
            line.getErr().println("Try: " + name + " --help");
        }
        return line.getCommandSpec().exitCodeOnInvalidInput();
    }

    private void addVerbsOfBundles(CommandLine line) {
        try {
            VerbCatalog.of(home.assembly())
                    .forEach(
                            (verb, entry) -> line.addSubcommand(verb, BundleCommand.spec(verb, entry, home, terminal)));
            settled(line);
        } catch (IOException noHome) {
            terminal.err().println("postern: verbs of bundles are missing: " + noHome.getMessage());
        }
    }

    /** The root of the command line, which does nothing by itself. */
    @Command(
            name = "postern",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class,
            synopsisSubcommandLabel = "VERB",
            description = "Delivers mail over SMTP and authenticates to each peer as configured.",
            footerHeading = "%nExamples:%n",
            footer = {
                "  postern demo                         see it work, on this machine only",
                "  postern check -c postern.conf        is the configuration right?",
                "  postern run -c postern.conf          the relay, in the foreground",
                "  postern send -t < message.eml        hand a message to it",
                "  postern reload --instance state      have the relay of that state directory do something",
                "",
                "Every verb explains itself with --help."
            })
    static final class Verbs implements Runnable {

        @CommandLine.Spec
        private CommandLine.Model.CommandSpec spec;

        @Override
        public void run() {
            throw new ParameterException(spec.commandLine(), "Which verb?");
        }
    }

    /** What {@code --version} prints. */
    static final class Version implements IVersionProvider {

        @Override
        public String[] getVersion() {
            return lines().toArray(String[]::new);
        }

        static List<String> lines() {
            return List.of(
                    "Postern " + BuildInfo.VERSION,
                    "Java " + Runtime.version() + " (" + System.getProperty("java.vendor") + "), "
                            + System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        }
    }

    /** The verb {@code version}. */
    @Command(name = "version", mixinStandardHelpOptions = true, description = "Says which version this is.")
    static final class VersionCommand implements Runnable {

        @CommandLine.Spec
        private CommandLine.Model.CommandSpec spec;

        @Override
        public void run() {
            Version.lines().forEach(spec.commandLine().getOut()::println);
        }
    }
}
