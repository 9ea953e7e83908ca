// SPDX-License-Identifier: Apache-2.0
package org.postern.core.operate;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.postern.core.cluster.OtherNodes;
import org.postern.core.cluster.Pause;
import org.postern.core.cluster.VerbResult;
import org.postern.core.text.Json;
import org.postern.engine.MailQueue;
import org.postern.engine.QueueAction;
import org.postern.engine.QueueFilter;
import org.postern.engine.dto.QueueChange;
import org.postern.engine.dto.QueueEntry;
import org.postern.spi.command.OperatorCommand;
import org.postern.spi.mail.MessageId;

/** {@code queue}: what waits in a running relay, and what an operator wants done with it. */
@Component(
        service = {OperatorCommand.class, NodeVerb.class},
        property = {
            OperatorCommand.VERB + "=queue",
            OperatorCommand.SUMMARY + "=Shows mail that waits, and holds, releases, retries or removes it.",
            OperatorCommand.PLACE + "=" + OperatorCommand.RUNNING
        })
public final class QueueCommand implements OperatorCommand, NodeVerb {

    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int ARGUMENTS = 2;

    /** So many people look through; a terminal would still show more, and memory would be needed for all of them. */
    private static final int SHOWN = 10_000;

    private static final String HELP = """
            usage: queue --instance DIR list [FILTER]... [--summary] [--limit NUMBER] [--json]
                   queue --instance DIR show ID... [--json]
                   queue --instance DIR (hold | release | retry | remove) (ID... | FILTER... | --all)
                                        [--dry-run] [--yes] [--json]
                   queue --instance DIR … --all-nodes

            Works on the mail of the relay that runs with state directory DIR. An entry is what one message
            has for one destination, so a message for two destinations has two.

              list       what waits, oldest first, 10,000 entries unless --limit says another number;
                         --summary shows one line per destination, most mail first
              show       everything about messages, their header included
              hold       keeps mail back until it is released, also over a restart; it does not expire meanwhile
              release    lets mail that was put on hold go; it is tried at once
              retry      tries now what is delayed or held, and forgets which hosts failed
              remove     drops mail; no sender is told. Asks first, unless --yes is given

            Filters; an entry has to fit all that are given, and * stands for any characters:
              --domain NAME        the destination: the routing domain
              --binding NAME       the binding
              --identity USER      as whom it was tried last, or is to go out; '' for no authentication
              --sender ADDRESS     the envelope sender; '' for the null sender
              --recipient ADDRESS  a recipient; only those that fit are held, released, retried or removed
              --reason TEXT        part of the reason why it waits
              --state STATE        ready, delivering, delayed, held or on-hold
              --older AGE          accepted at least this long ago: 90s, 15m, 4h, 2d, 1w
              --younger AGE        accepted less than this long ago
              --in-memory          this relay has it in memory; else mail is meant too that waits in the spool alone

              --dry-run            says how much is meant and changes nothing
              --json               prints JSON, one object on each line for a list; without --limit all
                                   entries in no particular order, and with it the oldest, those first
              --all-nodes          the same on every node that shares the queue; remove needs --yes then

            Mail that is being delivered at the moment is left alone. What moves between memory and spool just now
            may be shown twice or not at all.
            Exit codes: 0 done; 1 not all of it, or no such message, or a node did not answer;
            2 the command line is wrong; 3 --all-nodes, and the queue is not shared.
            """;

    private volatile Optional<MailQueue> queue = Optional.empty();
    private volatile Optional<OtherNodes> others = Optional.empty();

    /** Made by Declarative Services. */
    @Activate
    public QueueCommand() {}

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindQueue(MailQueue arrived) {
        queue = Optional.of(arrived);
    }

    void unbindQueue(MailQueue gone) {
        queue = queue.filter(current -> current != gone);
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindOthers(OtherNodes arrived) {
        others = Optional.of(arrived);
    }

    void unbindOthers(OtherNodes gone) {
        others = others.filter(current -> current != gone);
    }

    @Override
    public String verb() {
        return "queue";
    }

    @Override
    public int run(List<String> arguments, InputStream in, PrintStream out, PrintStream err) {
        if (arguments.contains("--help") || arguments.contains("-h")) {
            out.print(HELP);
            return DONE;
        }
        try {
            QueueArguments read = QueueArguments.parse(arguments);
            Optional<OtherNodes> there = others;
            if (read.allNodes() && there.isPresent()) {
                return new AllNodes(this, read.json(), Pause.REAL, out, err)
                        .run(there.get(), arguments, inMemory(arguments));
            }
            VerbResult result = run(read, in, out, err);
            complain(read, result, err);
            return result.missing().isEmpty() ? result.code() : FAILED;
        } catch (QueueArguments.Wrong wrong) {
            return complain(wrong, err).code();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            err.println("queue: interrupted; what was done by then stays done");
            return FAILED;
        }
    }

    @Override
    public VerbResult runHere(List<String> arguments, PrintStream out, PrintStream err) throws InterruptedException {
        try {
            return run(QueueArguments.parse(arguments), InputStream.nullInputStream(), out, err);
        } catch (QueueArguments.Wrong wrong) {
            return complain(wrong, err);
        }
    }

    /** What nobody has in memory is for the node that asks, or it would be told of by each. */
    private static List<String> inMemory(List<String> arguments) {
        return Stream.concat(arguments.stream(), Stream.of(QueueArguments.IN_MEMORY))
                .toList();
    }

    private static VerbResult complain(QueueArguments.Wrong wrong, PrintStream err) {
        err.println("queue: " + wrong.getMessage());
        err.println("Try: queue --help");
        return VerbResult.of(ARGUMENTS);
    }

    private static void complain(QueueArguments arguments, VerbResult result, PrintStream err) {
        if (arguments.what() == QueueArguments.What.SHOW) {
            result.missing().stream().sorted().forEach(id -> err.println("queue: no message " + id + " waits here"));
        } else if (!result.missing().isEmpty()) {
            err.println("queue: nothing waits that is meant by this");
        }
    }

    private VerbResult run(QueueArguments arguments, InputStream in, PrintStream out, PrintStream err)
            throws InterruptedException {
        Optional<MailQueue> there = queue;
        if (there.isEmpty()) {
            err.println("queue: there is no engine at the moment; the log says why");
            return VerbResult.of(FAILED);
        }
        try {
            return run(there.get(), arguments, in, out, err);
        } catch (IOException failed) {
            err.println("queue: " + failed.getMessage());
            return VerbResult.of(FAILED);
        }
    }

    private static VerbResult run(
            MailQueue mail, QueueArguments arguments, InputStream in, PrintStream out, PrintStream err)
            throws IOException, InterruptedException {
        return switch (arguments.what()) {
            case LIST -> list(mail, arguments, out);
            case SHOW -> show(mail, arguments, out);
            case HOLD, RELEASE, RETRY, REMOVE ->
                change(mail, arguments.what().action().orElseThrow(), arguments, in, out, err);
        };
    }

    /** What was found is shown in any case, though the spool could not be read. */
    private static VerbResult list(MailQueue mail, QueueArguments arguments, PrintStream out) throws IOException {
        if (arguments.json() && arguments.limit().isEmpty()) {
            listAsFound(mail, arguments.filter(), out);
        } else if (arguments.summary() && !arguments.json()) {
            listDestinations(mail, arguments.filter(), out);
        } else {
            listOldest(mail, arguments, out);
        }
        return VerbResult.of(DONE);
    }

    private static void listAsFound(MailQueue mail, QueueFilter filter, PrintStream out) throws IOException {
        try {
            mail.visit(filter, entry -> print(entry, out));
        } finally {
            out.flush();
        }
    }

    private static void print(QueueEntry entry, PrintStream out) {
        out.print(Json.line(entry) + "\n");
    }

    private static void listDestinations(MailQueue mail, QueueFilter filter, PrintStream out) throws IOException {
        Summary summary = new Summary();
        Tally tally = new Tally();
        try {
            mail.visit(filter, entry -> {
                summary.add(entry);
                tally.add(entry);
            });
        } finally {
            QueueText text = new QueueText(Instant.now(), out);
            summary.lines().forEach(text::line);
            out.println(tally);
        }
    }

    private static void listOldest(MailQueue mail, QueueArguments arguments, PrintStream out) throws IOException {
        Oldest oldest = new Oldest(arguments.limit().orElse(SHOWN));
        Tally tally = new Tally();
        try {
            mail.visit(arguments.filter(), entry -> {
                oldest.add(entry);
                tally.add(entry);
            });
        } finally {
            List<QueueEntry> shown = oldest.inOrder();
            if (arguments.json()) {
                shown.forEach(entry -> print(entry, out));
                out.flush();
            } else {
                new QueueText(Instant.now(), out).entries(shown);
                out.println(tally
                        + (shown.size() < tally.entries()
                                ? String.format(Locale.ROOT, "; the oldest %,d are shown", shown.size())
                                : ""));
            }
        }
    }

    private static VerbResult show(MailQueue mail, QueueArguments arguments, PrintStream out) throws IOException {
        Set<String> missing = new LinkedHashSet<>();
        for (MessageId id : arguments.ids()) {
            List<QueueEntry> found = new ArrayList<>();
            mail.visit(arguments.filter(id), found::add);
            Optional<byte[]> header = mail.header(id);
            if (found.isEmpty() || header.isEmpty()) {
                missing.add(id.value());
                continue;
            }
            String text = new String(header.get(), StandardCharsets.UTF_8);
            if (arguments.json()) {
                out.println(Json.line(new Shown(id.value(), found, text)));
            } else {
                new QueueText(Instant.now(), out).message(found, text);
            }
        }
        return new VerbResult(DONE, missing);
    }

    /**
     * A message as programs are shown it.
     *
     * @param id its name
     * @param entries what it has
     * @param header its header
     */
    public record Shown(String id, List<QueueEntry> entries, String header) {}

    private static VerbResult change(
            MailQueue mail,
            QueueAction action,
            QueueArguments arguments,
            InputStream in,
            PrintStream out,
            PrintStream err)
            throws IOException, InterruptedException {
        Tally tally = new Tally();
        mail.visit(arguments.filter(), tally::add);
        if (tally.entries() == 0) {
            return nothing(arguments, err);
        }
        if (arguments.dryRun()) {
            out.println(arguments.what() + " would concern " + tally);
            return VerbResult.of(DONE);
        }
        if (action == QueueAction.REMOVE && !arguments.yes() && !agreed(tally, in, err)) {
            err.println("queue: nothing was removed; --yes removes without asking");
            return VerbResult.of(FAILED);
        }
        Progress progress = new Progress(err, arguments.what().toString(), tally.entries());
        QueueChange change;
        try {
            change = mail.apply(action, arguments.filter(), progress::done);
        } finally {
            progress.end();
        }
        report(change, arguments, out);
        if (change.failed() > 0) {
            err.println(String.format(
                    Locale.ROOT,
                    "queue: %,d could not be recorded and are as before; the log says why",
                    change.failed()));
        }
        return VerbResult.of(change.failed() > 0 ? FAILED : DONE);
    }

    private static VerbResult nothing(QueueArguments arguments, PrintStream err) {
        if (arguments.ids().isEmpty()) {
            err.println("queue: nothing waits that is meant by this");
        }
        return new VerbResult(
                DONE, arguments.ids().stream().map(MessageId::value).collect(Collectors.toSet()));
    }

    private static boolean agreed(Tally tally, InputStream in, PrintStream err) throws IOException {
        err.print("Remove " + tally + "? No sender will be told. [y/N] ");
        err.flush();
        String answer = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)).readLine();
        return answer != null && List.of("y", "yes").contains(answer.strip().toLowerCase(Locale.ROOT));
    }

    private static void report(QueueChange change, QueueArguments arguments, PrintStream out) {
        if (arguments.json()) {
            out.println(Json.line(change));
            return;
        }
        String past = switch (arguments.what()) {
            case HOLD -> "put on hold";
            case RELEASE -> "released";
            case RETRY -> "to be tried now";
            case REMOVE -> "removed";
            case LIST, SHOW -> throw new IllegalStateException("nothing is changed by " + arguments.what());
        };
        out.println(String.format(Locale.ROOT, "%,d %s", change.changed(), past)
                + (change.leftAlone() == 0
                        ? ""
                        : String.format(
                                Locale.ROOT,
                                "; %,d left alone, being delivered or not in a state for it",
                                change.leftAlone())));
    }
}
