// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The verb {@code run}: the relay in the foreground. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        versionProvider = Postern.Version.class,
        description = "Runs the relay in the foreground. TERM or Ctrl-C drains and ends, a second one ends at once;"
                + " HUP reads the configuration again.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            " 0:ended, and everything under way was finished",
            " 1:failed",
            " 2:the command line is wrong",
            " 3:the configuration is missing or wrong",
            " 4:cannot start: port taken, state directory in use or not writable, bundle not resolved",
            " 5:ended before it had drained; what was accepted is on the spool"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  postern run -c /etc/postern/postern.conf --state /var/lib/postern",
            "  kill -HUP PROCESS        after a change of the configuration"
        })
final class RunCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    private final Home home;
    private final Terminal terminal;

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            required = true,
            description = "The configuration.")
    private Path configuration;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description = "Where spool and caches are kept; 'state' beside the configuration if not given.")
    private Optional<Path> state;

    @Option(
            names = "--drain",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "How long deliveries under way may take to finish; ${DEFAULT-VALUE} if not given.")
    private int drainSeconds;

    @Option(names = "-v", description = "Logs more; twice, everything.")
    private boolean[] verbose = {};

    RunCommand(Home home, Terminal terminal) {
        this.home = home;
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if (drainSeconds < 0) {
            throw new ParameterException(spec.commandLine(), "--drain takes seconds, 0 or more");
        }
        LogLevel.normal(verbose.length);
        Instance instance = Instance.of(configuration, state);
        Relay relay = new Relay(home, instance, terminal, Signals.ofProcess());
        return relay.run(Duration.ofSeconds(drainSeconds));
    }
}
