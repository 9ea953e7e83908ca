// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store;

import java.io.InputStream;
import java.io.PrintStream;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.postern.spi.command.OperatorCommand;

/** {@code reload}: reads the configuration again and says what changed. */
@Component(
        property = {
            OperatorCommand.VERB + "=reload",
            OperatorCommand.SUMMARY + "=Reads the configuration again, all or nothing, and says what changed.",
            OperatorCommand.PLACE + "=" + OperatorCommand.RUNNING
        })
public final class ReloadCommand implements OperatorCommand {

    private final ConfigurationStore store;

    /** Made by Declarative Services. */
    @Activate
    public ReloadCommand(@Reference ConfigurationStore store) {
        this.store = store;
    }

    @Override
    public int run(List<String> arguments, InputStream in, PrintStream out, PrintStream err) {
        if (!arguments.isEmpty()) {
            boolean help = arguments.equals(List.of("--help"));
            (help ? out : err).println("usage: reload --instance DIR");
            return help ? ExitCode.DONE : ExitCode.ARGUMENTS;
        }
        return switch (store.reload()) {
            case Attempt.InForce inForce -> changed(inForce, out);
            case Attempt.Unchanged unchanged -> {
                out.println("nothing changed; configuration "
                        + unchanged.loaded().snapshot().generation() + " stays in force");
                yield ExitCode.DONE;
            }
            case Attempt.Refused refused -> refused(refused, err);
        };
    }

    private static int changed(Attempt.InForce attempt, PrintStream out) {
        attempt.changes().all().forEach(out::println);
        attempt.loaded().problems().kept().forEach(out::println);
        out.println("configuration " + attempt.loaded().snapshot().generation() + " is in force, "
                + attempt.changes().all().size() + " changed");
        return ExitCode.DONE;
    }

    private int refused(Attempt.Refused refused, PrintStream err) {
        refused.problems().forEach(err::println);
        err.println("refused: " + refused.summary()
                + store.inForce()
                        .map(loaded -> "; configuration " + loaded.snapshot().generation() + " stays in force")
                        .orElse("; none is in force"));
        return ExitCode.CONFIGURATION;
    }
}
