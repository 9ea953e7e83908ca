// SPDX-License-Identifier: Apache-2.0
package org.postern.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import org.postern.bench.MarkLine.Bound;

/**
 * What Postern is to reach beside Postfix on the same machine. Each piece of work has relays of its own, configured for
 * it, warmed up and then taking turns. Used by one thread.
 */
final class Marks {

    /** They are numbered from 1 to this. */
    static final int COUNT = 8;

    private static final double MIB = 1 << 20;
    private static final int FAR_MILLIS = 50;
    private static final int FAR_CONNECTIONS = 200;
    private static final int MANY = 10_000;

    private static final Case SMALL = new Case(10, 5000, 4096);
    private static final Case LARGE = new Case(10, 1000, 100_000);
    private static final Case FAR = new Case(10, 2000, 4096);
    private static final Case SPREAD = new Case(10, MANY, 4096, 0, MANY);
    private static final Case PACED = new Case(10, 1000, 4096, 50, 1);

    private final Options options;
    private final Path folder;
    private final Contestants contestants;
    private final Consumer<String> out;
    private final List<MarkLine> lines = new ArrayList<>();
    private int lost;
    private int repeated;

    /**
     * @param folder for queues
     * @param out told how it goes, line by line
     */
    Marks(Options options, Path folder, Consumer<String> out) {
        this.options = options;
        this.folder = folder;
        this.contestants = new Contestants(options, out);
        this.out = out;
    }

    /** One for each figure. */
    List<MarkLine> lines() {
        return List.copyOf(lines);
    }

    /** Messages that were accepted and never came. */
    int lost() {
        return lost;
    }

    /** Messages that came more than once. */
    int repeated() {
        return repeated;
    }

    /** Measures those that are wanted. */
    void measure() throws IOException, InterruptedException {
        Peer near = new Peer(Optional.empty(), 0, options.chunking());
        Peer tls = new Peer(Optional.of(folder.resolve("ca.pem")), 0, options.chunking());
        Peer far = new Peer(Optional.empty(), FAR_MILLIS, options.chunking());
        work(List.of(1, 6), "5,000 of 4 kB, 10 connections in", near, Demand.USUAL, SMALL)
                .ifPresent(done -> {
                    done.rate(1, new Bound.AtLeast(7));
                    done.cpu(1, new Bound.AtMost(0.2));
                    done.figure(6, "most resident, MiB", 0, sample -> sample.resident() / MIB, new Bound.Within(256));
                });
        work(List.of(2), "the same over STARTTLS to the peer", tls, Demand.USUAL, SMALL)
                .ifPresent(done -> done.rate(2, new Bound.AtLeast(10)));
        work(List.of(3), "1,000 of 100 kB", near, Demand.USUAL, LARGE).ifPresent(done -> {
            done.rate(3, new Bound.AtLeast(3));
            done.cpu(3, new Bound.AtMost(1.0 / 3));
        });
        work(List.of(4), "2,000 of 4 kB, replies 50 ms late", far, new Demand(FAR_CONNECTIONS, 0, 1), FAR)
                .ifPresent(done -> done.rate(4, new Bound.AtLeast(6)));
        work(List.of(5), "50 of 4 kB per second", near, Demand.USUAL, PACED).ifPresent(done -> {
            done.figure(5, "median ms to deliver", 2, sample -> sample.latency().medianMillis(), new Bound.AtMost(1));
            done.figure(5, "99th percentile, ms", 2, sample -> sample.latency().slowestMillis(), new Bound.AtMost(0.1));
        });
        if (options.wants(List.of(7))) {
            accounts();
        }
        if (options.wants(List.of(8))) {
            clients();
        }
    }

    /** What relays did at one load. */
    private record Done(Marks marks, String work, Case load, Results results, List<String> relays) {

        void rate(int mark, Bound bound) {
            figure(mark, "messages/s", 0, Sample::deliveredPerSecond, bound);
        }

        void cpu(int mark, Bound bound) {
            figure(mark, "CPU s per 1,000", 3, Sample::cpuPerThousand, bound);
        }

        void figure(int mark, String label, int decimals, ToDoubleFunction<Sample> figure, Bound bound) {
            if (marks.options.wants(List.of(mark))) {
                marks.lines.add(new MarkLine(
                        mark,
                        work,
                        label,
                        decimals,
                        figures(relays.getFirst(), figure),
                        relays.size() > 1 ? figures(relays.getLast(), figure) : List.of(),
                        bound));
            }
        }

        private List<Double> figures(String relay, ToDoubleFunction<Sample> figure) {
            return results.of(relay, load).stream().map(figure::applyAsDouble).toList();
        }
    }

    private Optional<Done> work(List<Integer> marks, String name, Peer peer, Demand demand, Case load)
            throws IOException, InterruptedException {
        if (!options.wants(marks)) {
            return Optional.empty();
        }
        try (SinkProcess sink = SinkProcess.start(peer);
                Turns turns = new Turns(contestants.relays(folder, sink, demand), sink, out)) {
            return Optional.of(done(name, turns, load));
        }
    }

    // The same mail for the same domains: what differs is by how many accounts it goes out, and nothing else.
    private void accounts() throws IOException, InterruptedException {
        try (SinkProcess sink = SinkProcess.start(Peer.PLAIN);
                Turns turns = new Turns(
                        List.of(byAccounts(MANY, sink), byAccounts(100, sink), byAccounts(1, sink)), sink, out)) {
            Done done = done("10,000 domains and accounts, beside 1 account", turns, SPREAD);
            done.rate(7, new Bound.AtLeast(0.9));
            new Done(
                            this,
                            "100 accounts, beside 1",
                            SPREAD,
                            done.results(),
                            done.relays().subList(1, 3))
                    .rate(7, new Bound.AtLeast(0.9));
        }
    }

    private void clients() throws IOException, InterruptedException {
        out.accept("");
        out.accept("delivery alone, by clients of Java programs");
        try (SinkProcess sink = SinkProcess.start(Peer.PLAIN);
                ClientContest contest = ClientContest.start(sink, out)) {
            contest.run(options.rounds, options.warmUp);
            lines.addAll(contest.lines(8, new Bound.AtLeast(2)));
        }
    }

    private Relay byAccounts(int count, SinkProcess sink) throws IOException, InterruptedException {
        String name = String.format(Locale.ROOT, count == 1 ? "1 account" : "%,d accounts", count);
        return contestants.postern(name, folder, sink, new Demand(0, MANY, count));
    }

    private Done done(String name, Turns turns, Case load) throws IOException, InterruptedException {
        out.accept("");
        out.accept(name);
        turns.start(1);
        turns.warmUp(load.atOnce(load.messages()), options.warmUp);
        turns.measure(List.of(load), options.rounds);
        lost += turns.results().lost();
        repeated += turns.results().repeated();
        return new Done(
                this,
                name,
                load,
                turns.results(),
                turns.relays().stream().map(Relay::name).toList());
    }
}
