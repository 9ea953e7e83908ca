// SPDX-License-Identifier: Apache-2.0
package org.postern.core.operate;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.postern.core.cluster.OtherNodes;
import org.postern.core.cluster.Pause;
import org.postern.core.cluster.Round;
import org.postern.core.cluster.VerbResult;
import org.postern.spi.text.Printable;

/**
 * One call of a verb with {@code --all-nodes}: the others are asked first, so that they work while this node does, and each is
 * told of under its name, this node first.
 */
final class AllNodes {

    static final String OPTION = "--all-nodes";

    private static final int FAILED = 1;
    private static final int ARGUMENTS = 2;
    private static final int CONFIGURATION = 3;

    private static final Duration LOOK = Duration.ofMillis(250);
    private static final String BOLD = "\u001b[1m";
    private static final String PLAIN = "\u001b[0m";
    private static final String ERASE = "\u001b[K";

    private final NodeVerb verb;
    private final boolean json;
    private final Pause pause;
    private final PrintStream out;
    private final PrintStream err;
    private final List<Set<String>> missing = new ArrayList<>();
    private int worst;
    private boolean headed;

    /** @param json whether for programs */
    AllNodes(NodeVerb verb, boolean json, Pause pause, PrintStream out, PrintStream err) {
        this.verb = verb;
        this.json = json;
        this.pause = pause;
        this.out = out;
        this.err = err;
    }

    /**
     * Runs it.
     *
     * @param arguments for this node
     * @param forOthers for the others
     */
    int run(OtherNodes nodes, List<String> arguments, List<String> forOthers) throws InterruptedException {
        Optional<String> own = nodes.own();
        if (own.isEmpty()) {
            complain(OPTION
                    + " is for relays that share a queue, and this one shares none: that takes Spool_PostgreSQL with a"
                    + " Cluster_Key_File");
            return CONFIGURATION;
        }
        Optional<Round> round;
        try {
            List<String> words = new ArrayList<>(List.of(verb.verb()));
            words.addAll(forOthers);
            round = nodes.ask(words);
        } catch (IllegalArgumentException tooLong) {
            complain(tooLong.getMessage());
            return ARGUMENTS;
        }
        if (round.isEmpty()) {
            runHere(own.get(), arguments);
            complain(
                    "the other nodes could not be asked: the database that they share does not answer; the log says more");
            return Math.max(FAILED, code());
        }
        try (Round asked = round.get()) {
            boolean alone = asked.open().isEmpty();
            runHere(own.get(), arguments);
            if (alone) {
                complain("no other node lives that shares this queue and its key");
            }
            hear(asked);
        }
        return code();
    }

    private void runHere(String own, List<String> arguments) throws InterruptedException {
        heading(own);
        if (!json) {
            take(verb.runHere(arguments, out, err));
            return;
        }
        try (PrintStream named = new PrintStream(new NamedObjects(out, own), true, StandardCharsets.UTF_8)) {
            take(verb.runHere(arguments, named, err));
        }
    }

    private void hear(Round asked) throws InterruptedException {
        boolean waiting = false;
        while (!asked.open().isEmpty()) {
            // A virtual thread that is interrupted loses its connection to the storage, and with it what is to be taken
            // back.
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            List<Round.Reply> replies = asked.look();
            if (waiting && !replies.isEmpty()) {
                err.print("\r" + ERASE);
            }
            replies.forEach(this::print);
            waiting = !asked.open().isEmpty();
            if (waiting) {
                err.print("\rwaiting for " + Printable.of(String.join(", ", asked.open())) + ERASE);
                err.flush();
                pause.rest(LOOK);
            }
        }
    }

    private void print(Round.Reply reply) {
        switch (reply) {
            case Round.Answered answered -> print(answered);
            case Round.Silent silent -> {
                worst = Math.max(worst, FAILED);
                complain(Printable.of(silent.node()) + " gave no sign of life for " + Round.PATIENCE.toSeconds()
                        + " seconds"
                        + switch (silent.begun()) {
                            case YES -> " after it had begun; what it did by then stays done";
                            case NO -> " and had not begun; is it stopping, or of an older version?";
                            case UNKNOWN -> ": the database that the nodes share does not answer; the log says more";
                        });
            }
        }
    }

    private void print(Round.Answered answered) {
        heading(answered.node());
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        Round.Summary said;
        try (NamedObjects named = new NamedObjects(out, answered.node())) {
            said = answered.print(json ? named : out, errors);
        } catch (IOException foreign) {
            worst = Math.max(worst, FAILED);
            complain("what " + Printable.of(answered.node()) + " said cannot be read; is it of another version?");
            return;
        }
        take(said.result());
        printErrors(answered.node(), errors.toString(StandardCharsets.UTF_8));
        if (said.cut()) {
            complain(Printable.of(answered.node())
                    + " has more to say than a node tells others; ask it there, or for less,"
                    + " with a filter, --limit or --summary");
        }
    }

    /** Without what was written over there already, such as how far long work was. */
    private void printErrors(String node, String errors) {
        errors.replaceAll("\r[^\r\n]*?\u001b\\[K", "")
                .lines()
                .filter(line -> !line.isBlank())
                .forEach(line -> err.println(Printable.of(node) + ": " + line));
    }

    private void heading(String node) {
        if (!json) {
            out.print((headed ? "\n" : "") + BOLD + Printable.of(node) + PLAIN + "\n");
            headed = true;
        }
    }

    private void take(VerbResult result) {
        worst = Math.max(worst, result.code());
        missing.add(result.missing());
    }

    /** What is missing on one node may be on another. */
    private int code() {
        Set<String> nowhere = new HashSet<>(missing.isEmpty() ? Set.of() : missing.getFirst());
        missing.forEach(nowhere::retainAll);
        nowhere.stream().sorted().forEach(name -> complain("no node that answered knows of " + Printable.quoted(name)));
        return nowhere.isEmpty() ? worst : Math.max(worst, FAILED);
    }

    private void complain(String what) {
        err.println(verb.verb() + ": " + what);
    }
}
