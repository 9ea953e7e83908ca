// SPDX-License-Identifier: Apache-2.0
package org.postern.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.postern.bench.clients.Kind;

/** All clients in turn. Used by one thread. */
final class ClientContest implements AutoCloseable {

    private static final int MESSAGES = 5000;

    private final List<ClientProcess> clients = new ArrayList<>();
    private final Map<Kind, List<Double>> rates = new EnumMap<>(Kind.class);
    private final Consumer<String> out;

    private ClientContest(Consumer<String> out) {
        this.out = out;
    }

    /** @param out told how it goes, line by line */
    static ClientContest start(SinkProcess sink, Consumer<String> out) throws IOException {
        ClientContest contest = new ClientContest(out);
        try {
            for (Kind kind : Kind.values()) {
                contest.clients.add(ClientProcess.start(kind, sink));
                contest.rates.put(kind, new ArrayList<>());
            }
            return contest;
        } catch (IOException | RuntimeException failure) {
            contest.close();
            throw failure;
        }
    }

    void run(int rounds, int warmUpSeconds) throws IOException, InterruptedException {
        for (ClientProcess client : clients) {
            long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(warmUpSeconds);
            while (System.nanoTime() - until < 0) {
                client.send(MESSAGES);
            }
        }
        for (int round = 1; round <= rounds; round++) {
            for (ClientProcess client : clients) {
                double rate = client.send(MESSAGES);
                rates.get(client.kind()).add(rate);
                out.accept(String.format(
                        Locale.ROOT,
                        "round %d, %s: %.0f messages per second of CPU",
                        round,
                        client.kind().title(),
                        rate));
            }
        }
    }

    /** Postern beside each of the others. */
    List<MarkLine> lines(int mark, MarkLine.Bound bound) {
        return clients.stream()
                .map(ClientProcess::kind)
                .filter(kind -> kind != Kind.POSTERN)
                .map(kind -> new MarkLine(
                        mark,
                        "delivery alone, beside " + kind.title(),
                        "messages per CPU s",
                        0,
                        rates.get(Kind.POSTERN),
                        rates.get(kind),
                        bound))
                .toList();
    }

    @Override
    public void close() {
        clients.forEach(ClientProcess::close);
    }
}
