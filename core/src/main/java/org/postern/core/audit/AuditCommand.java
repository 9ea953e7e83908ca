// SPDX-License-Identifier: Apache-2.0
package org.postern.core.audit;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.postern.spi.audit.ChainVerification;
import org.postern.spi.command.OperatorCommand;

/** {@code audit}: what audit logs say, and whether they are as they were written. Reads files alone, so that it works anywhere. */
@Component(
        property = {
            OperatorCommand.VERB + "=audit",
            OperatorCommand.SUMMARY + "=Shows audit logs, and says whether they are as they were written."
        })
public final class AuditCommand implements OperatorCommand {

    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int ARGUMENTS = 2;

    private static final String USAGE = """
            usage: audit show FILE|DIR... [--since WHEN] [--account NAME] [--json]
                   audit verify FILE...

            Reads audit logs, of relays and of vaults.

            show prints the lines of all of them in the order of time: who used or changed which credential, in which
            version and where, and what came of it. DIR stands for the logs in it.

              --since WHEN      leaves out what is older than 30m, 12h, 7d or 2w, or than a day (2026-11-27) or a moment
                                (2026-11-27T09:14:00Z) in UTC
              --account NAME    only this user, or this credential, such as vault:relay-1, or relay-1 in any store
              --json            prints the lines as they are, for programs

            verify says whether every line follows from the one before:
            a line that was altered, taken out or put elsewhere is named, and so is a file that is missing
            between two or stands in the wrong place. Give the files of one log from the oldest to the newest.
            Of the newest, lines are missed too that were cut off at its end, as long as the file with the
            hash of the last line (FILE.head) is beside it.

            Exit codes: 0 nothing is wrong; 1 something is, or a file cannot be read; 2 the command line is wrong.
            """;

    private final Clock clock;

    /** Made by Declarative Services. */
    @Activate
    public AuditCommand() {
        this(Clock.systemUTC());
    }

    AuditCommand(Clock clock) {
        this.clock = clock;
    }

    @Override
    public int run(List<String> arguments, InputStream in, PrintStream out, PrintStream err) {
        if (arguments.contains("--help") || arguments.contains("-h")) {
            out.print(USAGE);
            return DONE;
        }
        String action = arguments.isEmpty() ? "" : arguments.getFirst();
        List<String> rest = arguments.subList(Math.min(1, arguments.size()), arguments.size());
        return switch (action) {
            case "show" -> show(rest, out, err);
            case "verify" ->
                rest.isEmpty() ? wrong("say which files to verify, the oldest first", err) : verify(rest, out, err);
            default -> wrong("say what to do: audit show FILE..., or audit verify FILE...", err);
        };
    }

    private static int wrong(String how, PrintStream err) {
        err.println("audit: " + how);
        err.println("Try: audit --help");
        return ARGUMENTS;
    }

    private int show(List<String> words, PrintStream out, PrintStream err) {
        String name = "";
        try {
            AuditQuestion question = AuditQuestion.parse(words, clock.instant());
            List<Path> logs = new ArrayList<>();
            for (String given : question.files()) {
                name = given;
                List<Path> found = AuditReport.logsAt(Path.of(given));
                if (found.isEmpty()) {
                    err.println("audit: there is no audit log in " + given);
                    return FAILED;
                }
                logs.addAll(found);
            }
            return new AuditReport(question, out, err).show(logs) ? DONE : FAILED;
        } catch (AuditQuestion.Wrong wrong) {
            return wrong(wrong.getMessage(), err);
        } catch (NoSuchFileException absent) {
            err.println("audit: there is no file " + absent.getFile());
            return FAILED;
        } catch (InvalidPathException | IOException unreadable) {
            err.println("audit: " + name + " cannot be read: " + unreadable.getMessage());
            return FAILED;
        }
    }

    private static int verify(List<String> files, PrintStream out, PrintStream err) {
        Optional<String> before = Optional.empty();
        for (String name : files) {
            try {
                Path file = Path.of(name);
                Optional<String> head = AuditHead.of(file);
                ChainVerification found = ChainVerification.of(file, before, head);
                Optional<String> wrong = found.wrong().or(() -> cutOff(found, head));
                if (wrong.isPresent()) {
                    out.println(name + " " + wrong.get() + hint(found, before));
                    return FAILED;
                }
                out.println(name + ": " + found.lines() + " lines, nothing wrong" + beginning(found, before));
                before = Optional.of(found.head());
            } catch (NoSuchFileException absent) {
                err.println("audit: there is no file " + name);
                return FAILED;
            } catch (InvalidPathException | IOException unreadable) {
                err.println("audit: " + name + " cannot be read: " + unreadable.getMessage());
                return FAILED;
            }
        }
        return DONE;
    }

    private static Optional<String> cutOff(ChainVerification found, Optional<String> head) {
        return head.isPresent() && found.noted().isEmpty() && !found.begins().equals(head.get())
                ? Optional.of("lacks its last lines: it ends at line " + found.lines()
                        + ", and the line that was written last is not there")
                : Optional.empty();
    }

    private static String hint(ChainVerification found, Optional<String> before) {
        return found.lines() == 1 && before.isPresent()
                ? ", the last one of the file given before; are the files in order, and is none missing?"
                : "";
    }

    private static String beginning(ChainVerification found, Optional<String> before) {
        return before.isEmpty() && !found.begins().isEmpty()
                ? "; it goes on from an earlier file, which was not given"
                : "";
    }
}
