// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store;

import java.io.InputStream;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.postern.config.store.KeyCheck.Resolved;
import org.postern.config.store.language.Problem;
import org.postern.config.store.language.Problems;
import org.postern.config.store.language.Sources;
import org.postern.config.store.meaning.BundleStanza;
import org.postern.config.store.meaning.Interpreter;
import org.postern.config.store.meaning.Loaded;
import org.postern.spi.command.OperatorCommand;
import org.postern.spi.settings.Origin;
import org.postern.spi.settings.StanzaCheck;
import org.postern.spi.settings.StanzaCheck.Finding;

/** {@code check -c FILE}: reads a configuration and says everything that is wrong with it, without moving any mail. */
@Component(
        property = {
            OperatorCommand.VERB + "=check",
            OperatorCommand.SUMMARY + "=Says what is wrong with a configuration, without putting it in force.",
            OperatorCommand.CONFIGURED_WITH + "=" + CheckArguments.RESOLVE
        })
public final class CheckCommand implements OperatorCommand {

    /** More than anybody wrote by hand, of each severity; a file of 64 MiB may have more, and memory has an end. */
    static final int MOST_PROBLEMS = 20_000;

    private static final Pattern PLACE = Pattern.compile("(.+?):(\\d{1,9})(?::(\\d{1,9}))?");

    private static final String HELP = """
            usage: check -c FILE [--resolve] [--json]

            Reads a configuration with all that it includes, and says everything that is wrong with it: file, line,
            column, what to do. The files that stanzas name, such as scripts, are read too. Without --resolve nothing is
            opened or connected to. A relay that runs is not disturbed.

              -c FILE     the configuration
              --resolve   asks the credential stores for each credential that the configuration names, and says where it
                          is. A store asks its source, and may log in there. Secrets are never shown
              --json      prints JSON, for programs

            Exit codes: 0 it is right, perhaps with warnings; 1 interrupted; 2 the command line is wrong; 3 it is wrong,
            or a credential is not there or a store cannot say.
            """;

    private final ConfigurationStore store;
    private final List<StanzaCheck> checks;
    private final KeyCheck keys;

    /** Made by Declarative Services. */
    @Activate
    public CheckCommand(
            BundleContext context,
            @Reference ConfigurationStore store,
            @Reference(policyOption = ReferencePolicyOption.GREEDY) List<StanzaCheck> checks) {
        this(store, checks, new InstalledStores(context), CredentialInquiry.DEADLINE);
    }

    CheckCommand(ConfigurationStore store, List<StanzaCheck> checks, CredentialStores stores, Duration deadline) {
        this.store = store;
        this.checks = checks;
        this.keys = new KeyCheck(stores, deadline);
    }

    @Override
    public int run(List<String> arguments, InputStream in, PrintStream out, PrintStream err) {
        if (arguments.contains("--help") || arguments.contains("-h")) {
            out.print(HELP);
            return ExitCode.DONE;
        }
        CheckArguments read;
        try {
            read = CheckArguments.parse(arguments);
        } catch (IllegalArgumentException wrong) {
            err.println("check: " + wrong.getMessage());
            err.println("Try: check --help");
            return ExitCode.ARGUMENTS;
        }
        try {
            return check(read, out, err);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            err.println("check: interrupted");
            return ExitCode.FAILED;
        }
    }

    private int check(CheckArguments arguments, PrintStream out, PrintStream err) throws InterruptedException {
        Problems problems = new Problems(MOST_PROBLEMS);
        Sources.Reading reading = Sources.read(arguments.file(), Clock.systemUTC(), problems);
        Loaded loaded = Interpreter.interpret(reading, store.vocabulary(), 0);
        List<Resolved> resolved = loaded.isRight() ? look(loaded, arguments.resolve()) : List.of();
        CheckReport report = new CheckReport(arguments.file().toString(), problems, resolved);
        if (arguments.json()) {
            out.println(report.toJson());
        } else {
            report.print(out, err);
        }
        return problems.anyError() ? ExitCode.CONFIGURATION : ExitCode.DONE;
    }

    /** Looks beyond the files, which are right in themselves. */
    private List<Resolved> look(Loaded loaded, boolean resolve) throws InterruptedException {
        loaded.stanzas()
                .forEach(stanza -> checks.stream()
                        .filter(check -> check.pid().equals(stanza.pid()))
                        .flatMap(check -> check.check(StanzaPublisher.handedOver(stanza, loaded)).stream())
                        .map(finding -> problem(finding, stanza, loaded))
                        .forEach(loaded.problems()::add));
        if (resolve) {
            return keys.resolve(loaded, loaded.problems());
        }
        keys.warnWithoutStores(loaded, loaded.problems());
        return List.of();
    }

    private static Problem problem(Finding finding, BundleStanza stanza, Loaded loaded) {
        if (finding.where().isEmpty()) {
            return problem(finding.error(), new Origin(loaded.main(), 0, 0), stanza.title() + ": " + finding.text());
        }
        Matcher place = PLACE.matcher(finding.where());
        Origin origin = place.matches()
                ? new Origin(place.group(1), number(place.group(2)), number(place.group(3)))
                : new Origin(finding.where(), 0, 0);
        return problem(finding.error(), origin, finding.text());
    }

    private static int number(String digits) {
        return digits == null ? 0 : Integer.parseInt(digits);
    }

    private static Problem problem(boolean error, Origin origin, String text) {
        return error ? Problem.error(origin, text) : Problem.warning(origin, text);
    }
}
