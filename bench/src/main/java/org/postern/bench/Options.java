// SPDX-License-Identifier: Apache-2.0
package org.postern.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import picocli.CommandLine.Option;

/** What to measure. Filled from the command line. */
final class Options {

    private static final int WARM_UP_PIECE = 4000;

    /** Which relays. */
    enum Only {
        POSTERN,
        POSTFIX
    }

    @Option(
            names = "--rounds",
            defaultValue = "3",
            description = "how often each relay takes its turn (default: ${DEFAULT-VALUE})")
    int rounds;

    @Option(
            names = "--messages",
            defaultValue = "5000",
            description =
                    "messages in a round with several connections; with one, a fifth of it (default: ${DEFAULT-VALUE})")
    int messages;

    @Option(
            names = "--warm-up",
            paramLabel = "SECONDS",
            defaultValue = "15",
            description = "load on each relay, one after the other, before anything counts (default: ${DEFAULT-VALUE})")
    int warmUp;

    @Option(
            names = "--connections",
            split = ",",
            defaultValue = "1,20",
            description = "connections in, one case for each number (default: ${DEFAULT-VALUE})")
    List<Integer> connections = new ArrayList<>();

    @Option(names = "--octets", defaultValue = "4096", description = "octets of a message (default: ${DEFAULT-VALUE})")
    int octets;

    @Option(names = "--tls", description = "delivers under STARTTLS with a verified certificate")
    boolean tls;

    @Option(
            names = "--no-chunking",
            description = "the sink does not offer CHUNKING, which Postern uses and Postfix does not")
    private boolean withoutChunking;

    /** Whom to measure beside Postern. */
    enum Rival {
        POSTFIX,
        EXIM,
        HARAKA
    }

    @Option(
            names = "--beside",
            paramLabel = "RELAY",
            defaultValue = "POSTFIX",
            description = "the other relay: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
    Rival beside = Rival.POSTFIX;

    @Option(names = "--exim", paramLabel = "PROGRAM", description = "the program of Exim (default: /usr/sbin/exim4)")
    Path exim = Path.of("/usr/sbin/exim4");

    @Option(
            names = "--haraka",
            paramLabel = "PROGRAM",
            description = "the program of Haraka (default: /usr/local/bin/haraka)")
    Path haraka = HarakaRelay.USUAL;

    @Option(names = "--only", description = "measures this relay alone: ${COMPLETION-CANDIDATES}")
    Only only;

    @Option(
            names = "--home",
            description = "the built home of Postern (default: launcher/target/postern of the checkout)")
    Path home = Path.of("launcher/target/postern");

    @Option(
            names = "--against",
            paramLabel = "HOME",
            description = "another built home of Postern takes the place of Postfix, for before and after a change")
    Path against;

    @Option(
            names = "--folder",
            description = "where both keep their queues: on a disk, open to all to pass (default: bench/target/run)")
    Path folder = Path.of("bench/target/run");

    @Option(
            names = "--marks",
            description = "the table of marks, and nothing else: takes about ten minutes; --messages, --connections,"
                    + " --octets and --tls do not count")
    private boolean allMarks;

    @Option(
            names = "--only-mark",
            paramLabel = "NUMBER",
            split = ",",
            description = "only these of the marks, by the number at the head of their lines")
    List<Integer> onlyMarks = new ArrayList<>();

    @Option(names = "--strict", description = "ends with exit code 3 if a mark is missed")
    boolean strict;

    /** Whether the sink offers what servers do by default, or lacks CHUNKING. */
    boolean chunking() {
        return !withoutChunking;
    }

    /** Whether the table of marks is wanted. */
    boolean marks() {
        return allMarks || !onlyMarks.isEmpty();
    }

    /** Whether one of these marks is wanted. */
    boolean wants(Collection<Integer> marks) {
        return onlyMarks.isEmpty() || !Collections.disjoint(onlyMarks, marks);
    }

    /** What is wrong with them; empty if nothing is. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        atLeast(problems, "--rounds", rounds, 1);
        atLeast(problems, "--messages", messages, 10);
        atLeast(problems, "--warm-up", warmUp, 0);
        atLeast(problems, "--octets", octets, 512);
        onlyMarks.stream()
                .filter(mark -> mark < 1 || mark > Marks.COUNT)
                .forEach(mark -> problems.add("there is no mark " + mark + ": they are 1 to " + Marks.COUNT));
        connections.forEach(count -> atLeast(problems, "--connections", count, 1));
        return problems;
    }

    private static void atLeast(List<String> problems, String option, int value, int least) {
        if (value < least) {
            problems.add(option + " must be at least " + least);
        }
    }

    /** The cases, in the order of the command line. */
    List<Case> cases() {
        return connections.stream().map(this::load).toList();
    }

    private Case load(int count) {
        return new Case(count, count == 1 ? Math.max(10, messages / 5) : messages, octets);
    }

    /** A piece of what comes before anything counts. */
    Case warmUpPiece() {
        return new Case(20, WARM_UP_PIECE, octets);
    }
}
