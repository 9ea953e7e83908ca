// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store;

import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.postern.config.store.language.Problems;
import org.postern.config.store.language.Sources;
import org.postern.config.store.meaning.Interpreter;
import org.postern.config.store.meaning.Loaded;
import org.postern.spi.command.OperatorCommand;
import org.postern.spi.settings.StanzaCheck;
import org.postern.spi.settings.StanzaCheck.Finding;

/** {@code check -c FILE}: reads a configuration and says everything that is wrong with it, without putting it in force. */
@Component(
        property = {
            OperatorCommand.VERB + "=check",
            OperatorCommand.SUMMARY + "=Says what is wrong with a configuration, without putting it in force."
        })
public final class CheckCommand implements OperatorCommand {

    private static final String USAGE = "usage: check -c FILE";

    private static final String HELP = """
            usage: check -c FILE

            Reads a configuration with all that it includes, and says everything that is wrong with it: file, line,
            column, what to do. The files that stanzas name, such as scripts, are read too. Nothing is put in force, opened or connected to; a relay that runs is not disturbed.

              -c FILE   the configuration

            Exit codes: 0 it is right, perhaps with warnings; 2 the command line is wrong; 3 it is wrong.
            """;

    private final ConfigurationStore store;
    private final List<StanzaCheck> checks;

    /** Made by Declarative Services. */
    @Activate
    public CheckCommand(
            @Reference ConfigurationStore store,
            @Reference(policyOption = ReferencePolicyOption.GREEDY) List<StanzaCheck> checks) {
        this.store = store;
        this.checks = checks;
    }

    @Override
    public int run(List<String> arguments, InputStream in, PrintStream out, PrintStream err) {
        if (arguments.equals(List.of("--help")) || arguments.equals(List.of("-h"))) {
            out.print(HELP);
            return ExitCode.DONE;
        }
        if (arguments.size() != 2 || !List.of("-c", "--config").contains(arguments.getFirst())) {
            err.println(USAGE);
            return ExitCode.ARGUMENTS;
        }
        return check(arguments.getLast(), out, err);
    }

    private int check(String file, PrintStream out, PrintStream err) {
        try {
            Sources.Reading reading = Sources.read(Path.of(file), Clock.systemUTC());
            Loaded loaded = Interpreter.interpret(reading, store.vocabulary(), 0);
            loaded.problems().kept().forEach(err::println);
            List<Finding> findings = loaded.isRight() ? findings(loaded) : List.of();
            findings.forEach(err::println);
            boolean right = loaded.isRight() && findings.stream().noneMatch(Finding::error);
            out.println(file + (right ? " is right: " : " is wrong: ") + summary(loaded, findings));
            return right ? ExitCode.DONE : ExitCode.CONFIGURATION;
        } catch (InvalidPathException notAPath) {
            err.println(file + " is not a path");
            return ExitCode.ARGUMENTS;
        }
    }

    /** What bundles find in their own stanzas, such as scripts that cannot be read. */
    private List<Finding> findings(Loaded loaded) {
        return loaded.stanzas().stream()
                .flatMap(stanza -> checks.stream()
                        .filter(check -> check.pid().equals(stanza.pid()))
                        .flatMap(check -> check.check(StanzaPublisher.handedOver(stanza, loaded)).stream()))
                .toList();
    }

    private static String summary(Loaded loaded, List<Finding> findings) {
        Problems all = loaded.problems();
        int errors = (int) findings.stream().filter(Finding::error).count();
        return Problems.summary(all.errorCount() + errors, all.warningCount() + findings.size() - errors);
    }
}
