// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.osgi.framework.BundleException;
import org.postern.launcher.container.Assembly;
import org.postern.launcher.container.Container;
import org.postern.launcher.container.ContainerPlan;
import org.postern.launcher.container.Verb;
import org.postern.launcher.container.VerbCatalog;
import org.postern.launcher.container.VerbCatalog.Place;
import org.postern.launcher.control.ControlClient;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * A verb that a bundle knows. With {@code --instance} a relay that runs does the work. Otherwise a container of its own
 * does, which takes no mail in, moves none and watches no folder; it can run beside a relay, since it shares no directory
 * with it. It reads no configuration, unless the verb makes sense only where one is in force, or an option asks for it. Everything else after the
 * verb, {@code --help} included, is the bundle's.
 */
final class BundleCommand implements Callable<Integer> {

    private static final String DROP_FOLDER_WATCHER = "org.apache.felix.fileinstall";

    private final String verb;
    private final VerbCatalog.Entry entry;
    private final Home home;
    private final Terminal terminal;
    private CommandSpec spec;

    private BundleCommand(String verb, VerbCatalog.Entry entry, Home home, Terminal terminal) {
        this.verb = verb;
        this.entry = entry;
        this.home = home;
        this.terminal = terminal;
    }

    /** The verb as the command line needs it. */
    static CommandSpec spec(String verb, VerbCatalog.Entry entry, Home home, Terminal terminal) {
        BundleCommand command = new BundleCommand(verb, entry, home, terminal);
        CommandSpec spec = CommandSpec.wrapWithoutInspection(command).name(verb);
        spec.usageMessage().description(entry.summary());
        spec.parser().unmatchedOptionsArePositionalParams(true);
        spec.addPositional(PositionalParamSpec.builder()
                .paramLabel("ARGUMENT")
                .arity("0..*")
                .type(List.class)
                .auxiliaryTypes(String.class)
                .build());
        command.spec = spec;
        return spec;
    }

    @Override
    public Integer call() throws IOException, BundleException {
        LogLevel.quiet(0);
        VerbArguments arguments;
        Optional<Path> wanted;
        try {
            arguments = VerbArguments.split(words(), entry.place() == Place.CONFIGURED);
            wanted = wantedConfiguration();
        } catch (IllegalArgumentException wrong) {
            return misused(wrong.getMessage());
        }
        if (arguments.wantsHelp()) {
            return alone(arguments);
        }
        if (arguments.instance().isPresent()) {
            return arguments.configuration().isPresent()
                    ? misused("-c and --instance exclude each other")
                    : running(arguments.instance().get(), arguments.rest());
        }
        return switch (entry.place()) {
            case ANYWHERE -> in(wanted, (container, inForce) -> run(container, arguments.rest()));
            case CONFIGURED ->
                arguments.configuration().isPresent()
                        ? alone(arguments)
                        : misused("-c FILE or --instance DIR is missing: by which configuration?");
            case RUNNING -> misused("--instance DIR is missing: the state directory of a relay that runs");
        };
    }

    /** What a verb that works without one wants tried all the same. It says itself what is wrong with it. */
    private Optional<Path> wantedConfiguration() {
        return entry.configuredWith().filter(words()::contains).isPresent()
                ? VerbArguments.split(words(), true).configuration()
                : Optional.empty();
    }

    private int misused(String what) {
        terminal.err().println(terminal.bad("postern " + verb + ": ") + what);
        terminal.err().println("Try: postern " + verb + " --help");
        return ExitCode.USAGE;
    }

    private List<String> words() {
        List<String> words = spec.positionalParameters().get(0).getValue();
        return words == null ? List.of() : List.copyOf(words);
    }

    private int running(Path state, List<String> arguments) throws IOException {
        return new ControlClient(terminal.in(), out(), err()).run(state, verb, arguments);
    }

    private PrintStream out() {
        return PlainOutput.of(terminal.out(), terminal.colour());
    }

    private PrintStream err() {
        return PlainOutput.of(terminal.err(), terminal.colour());
    }

    private int alone(VerbArguments arguments) throws IOException, BundleException {
        return in(arguments.configuration(), (container, inForce) -> {
            if (inForce.isPresent() && !inForce.get().isRight()) {
                inForce.get().reasons().forEach(terminal.err()::println);
                return ExitCode.CONFIGURATION;
            }
            return run(container, arguments.rest());
        });
    }

    private interface Work {
        int in(Container container, Optional<InForce> configuration);
    }

    private int in(Optional<Path> configuration, Work work) throws IOException, BundleException {
        Path scratch = Files.createTempDirectory("postern-" + verb + "-");
        try (Container container = Container.start(plan(scratch, configuration))) {
            return work.in(container, configuration.map(file -> new InForce(container).await(Duration.ofSeconds(20))));
        } finally {
            Directories.delete(scratch);
        }
    }

    private ContainerPlan plan(Path scratch, Optional<Path> configuration) throws IOException {
        Assembly assembly = home.assembly().only(bundle -> !bundle.name().equals(DROP_FOLDER_WATCHER));
        // The spool opens a directory whether it is asked for or not: one that nobody else uses.
        String state = scratch.resolve("state").toString();
        Map<String, String> properties = configuration.isEmpty()
                ? Map.of("postern.state", state)
                : Map.of(
                        "postern.state",
                        state,
                        "postern.conf",
                        configuration.get().toAbsolutePath().normalize().toString(),
                        "postern.idle",
                        String.join(",", assembly.movingMail()));
        return new ContainerPlan(assembly, scratch.resolve("felix.cache"), Optional.empty(), properties);
    }

    private int run(Container container, List<String> arguments) {
        Optional<Verb> found = Verb.find(container.context(), verb);
        if (found.isEmpty()) {
            terminal.err().println(terminal.bad("postern: ") + "the bundle that knows '" + verb + "' did not start");
            container.failures().forEach(failure -> terminal.err().println("  " + failure));
            return ExitCode.CANNOT_START;
        }
        return found.get().run(arguments, terminal.in(), out(), err());
    }
}
