// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.InvalidPathException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.postern.config.store.migrate.Migration;
import org.postern.config.store.migrate.Move;
import org.postern.config.store.migrate.Report;
import org.postern.spi.command.OperatorCommand;
import org.postern.spi.settings.StanzaCheck;

/** {@code migrate FILE}: what becomes of a configuration of Momentum, and the same configuration without passwords in it. */
@Component(
        property = {
            OperatorCommand.VERB + "=migrate",
            OperatorCommand.SUMMARY
                    + "=Says what becomes of a configuration of Momentum, and moves its passwords to a vault."
        })
public final class MigrateCommand implements OperatorCommand {

    private static final int FAILED = 1;
    private static final String USAGE =
            "usage: migrate FILE [--out DIR [--force]] [--vault [DIR]] [--search-path DIR:DIR] [--json]";

    private static final String HELP = """
            %s

            Reads a configuration of Momentum with all that it includes, and says what carries over as it is, what needs a
            hand, what works otherwise here and what is ignored. FILE and its tree are only read.

              --out DIR              write the configuration to DIR, with keys in the place of passwords; comments, order
                                     and layout stay as they are
              --force                move aside what is in DIR
              --vault [DIR]          make a vault with the passwords, in DIR or else in the folder of --out
              --search-path DIR:DIR  folders for included files and scripts that are not beside the including file
                                     (Momentum has them in EC_CONF_SEARCH_PATH)
              --json                 one object of JSON

            Exit codes: 0 nothing needs a hand; 1 something does, or the work failed; 2 the command line is wrong; 3 the
            configuration cannot be read.
            """.formatted(USAGE);

    private final ConfigurationStore store;
    private final List<StanzaCheck> checks = new CopyOnWriteArrayList<>();

    private volatile Optional<OperatorCommand> vault = Optional.empty();

    /** Made by Declarative Services. */
    @Activate
    public MigrateCommand(@Reference ConfigurationStore store) {
        this.store = store;
    }

    /** Learns who makes vaults. */
    @Reference(
            target = "(" + OperatorCommand.VERB + "=vault)",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC)
    void setVault(OperatorCommand verb) {
        vault = Optional.of(verb);
    }

    /** Nobody does any more. */
    void unsetVault(OperatorCommand verb) {
        vault = vault.filter(known -> known != verb);
    }

    /** Has somebody look at the stanzas of a bundle. */
    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addCheck(StanzaCheck check) {
        checks.add(check);
    }

    /** Asks no more. */
    void removeCheck(StanzaCheck check) {
        checks.remove(check);
    }

    @Override
    public int run(List<String> arguments, InputStream in, PrintStream out, PrintStream err) {
        if (arguments.contains("--help") || arguments.contains("-h")) {
            out.print(HELP);
            return ExitCode.DONE;
        }
        try {
            return migrate(MigrateArguments.parse(arguments), out, err);
        } catch (InvalidPathException notAPath) {
            err.println("postern migrate: a file name has a character that no file name can have");
            return ExitCode.ARGUMENTS;
        } catch (IllegalArgumentException wrong) {
            err.println("postern migrate: " + wrong.getMessage());
            err.println(USAGE);
            return ExitCode.ARGUMENTS;
        }
    }

    private int migrate(MigrateArguments wish, PrintStream out, PrintStream err) {
        Migration migration = Migration.read(wish.file(), wish.searchPath(), store.vocabulary());
        if (!migration.unreadable().isEmpty()) {
            migration.unreadable().forEach(err::println);
            err.println(
                    "postern migrate: " + wish.file()
                            + " cannot be read; nothing was written. Files of Momentum's search path are found with --search-path");
            return ExitCode.CONFIGURATION;
        }
        Move move = wish.move();
        boolean moving = move.out().isPresent() || move.vault().isPresent();
        Report report = migration.survey(List.copyOf(checks), moving);
        try {
            if (moving) {
                move.make(migration, report, vault);
            }
        } catch (IOException failed) {
            err.println("postern migrate: " + failed.getMessage());
            return FAILED;
        }
        if (wish.json()) {
            report.json(out);
        } else {
            report.print(out);
        }
        return report.needsHand() ? FAILED : ExitCode.DONE;
    }
}
