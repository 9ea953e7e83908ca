// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.osgi.framework.BundleException;
import org.postern.launcher.container.Assembly;
import org.postern.launcher.container.Container;
import org.postern.launcher.container.ContainerPlan;
import org.postern.launcher.container.Verb;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * A verb that a bundle knows, run in a container of its own that reads no configuration, takes no mail in and watches no
 * folder. It can run beside a relay, since it shares no directory with it. Everything after the verb, {@code --help}
 * included, is the bundle's.
 */
final class BundleCommand implements Callable<Integer> {

    private static final String DROP_FOLDER_WATCHER = "org.apache.felix.fileinstall";

    private final String verb;
    private final Home home;
    private final Terminal terminal;
    private CommandSpec spec;

    private BundleCommand(String verb, Home home, Terminal terminal) {
        this.verb = verb;
        this.home = home;
        this.terminal = terminal;
    }

    /** The verb as the command line needs it. */
    static CommandSpec spec(String verb, String summary, Home home, Terminal terminal) {
        BundleCommand command = new BundleCommand(verb, home, terminal);
        CommandSpec spec = CommandSpec.wrapWithoutInspection(command).name(verb);
        spec.usageMessage().description(summary);
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
        Path scratch = Files.createTempDirectory("postern-" + verb + "-");
        try (Container container = Container.start(plan(scratch))) {
            return run(container);
        } finally {
            Directories.delete(scratch);
        }
    }

    private ContainerPlan plan(Path scratch) throws IOException {
        Assembly assembly = home.assembly().only(bundle -> !bundle.name().equals(DROP_FOLDER_WATCHER));
        // The spool opens a directory whether it is asked for or not: one that nobody else uses.
        Map<String, String> properties =
                Map.of("postern.state", scratch.resolve("state").toString());
        return new ContainerPlan(assembly, scratch.resolve("felix.cache"), Optional.empty(), properties);
    }

    private int run(Container container) {
        Optional<Verb> found = Verb.find(container.context(), verb);
        if (found.isEmpty()) {
            terminal.err().println(terminal.bad("postern: ") + "the bundle that knows '" + verb + "' did not start");
            container.failures().forEach(failure -> terminal.err().println("  " + failure));
            return ExitCode.CANNOT_START;
        }
        return found.get().run(arguments(), terminal.in(), terminal.out(), terminal.err());
    }

    private List<String> arguments() {
        List<String> arguments = spec.positionalParameters().get(0).getValue();
        return arguments == null ? List.of() : List.copyOf(arguments);
    }
}
