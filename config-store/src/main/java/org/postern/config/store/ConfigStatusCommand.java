// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store;

import java.io.InputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.postern.config.store.meaning.Loaded;
import org.postern.spi.command.OperatorCommand;

/** {@code config-status}: says which configuration is in force, and why the files are not if they are wrong. */
@Component(
        property = {
            OperatorCommand.VERB + "=config-status",
            OperatorCommand.SUMMARY + "=Says which configuration is in force, and what is wrong with the files.",
            OperatorCommand.PLACE + "=" + OperatorCommand.RUNNING
        })
public final class ConfigStatusCommand implements OperatorCommand {

    private final ConfigurationStore store;

    /** Made by Declarative Services. */
    @Activate
    public ConfigStatusCommand(@Reference ConfigurationStore store) {
        this.store = store;
    }

    @Override
    public int run(List<String> arguments, InputStream in, PrintStream out, PrintStream err) {
        if (!arguments.isEmpty()) {
            boolean help = arguments.equals(List.of("--help"));
            (help ? out : err).println("usage: config-status --instance DIR");
            return help ? ExitCode.DONE : ExitCode.ARGUMENTS;
        }
        if (store.status() instanceof Attempt.Refused refused) {
            refused.problems().forEach(err::println);
            err.println("the files are refused: " + refused.summary());
        }
        return say(store.inForce(), out, err);
    }

    private static int say(Optional<Loaded> inForce, PrintStream out, PrintStream err) {
        if (inForce.isEmpty()) {
            err.println("no configuration is in force");
            return ExitCode.CONFIGURATION;
        }
        Loaded loaded = inForce.get();
        out.println("configuration " + loaded.snapshot().generation() + " of " + loaded.main() + " is in force: "
                + loaded.problems().summary());
        return ExitCode.DONE;
    }
}
