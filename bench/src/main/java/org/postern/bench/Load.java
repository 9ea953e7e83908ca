// SPDX-License-Identifier: Apache-2.0
package org.postern.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Hands messages to a relay over some connections at once, each kept for all its messages. */
final class Load {

    private final List<Integer> ports;
    private final Case load;
    private final String phase;
    private final AtomicInteger next = new AtomicInteger();
    private final long[] accepted;
    private long began;

    Load(int port, Case load, String phase) {
        this(List.of(port), load, phase);
    }

    /** @param ports of several relays, each for a part of the connections */
    Load(List<Integer> ports, Case load, String phase) {
        this.ports = List.copyOf(ports);
        this.load = load;
        this.phase = phase;
        this.accepted = new long[load.messages()];
    }

    /** Returns when the relay has accepted everything. Fails if it refuses anything. */
    void run() throws IOException, InterruptedException {
        began = System.nanoTime();
        try (ExecutorService threads = Executors.newFixedThreadPool(load.connections())) {
            List<Callable<Void>> clients = new ArrayList<>();
            for (int i = 0; i < load.connections(); i++) {
                int port = ports.get(i % ports.size());
                clients.add(() -> client(port));
            }
            for (Future<Void> client : threads.invokeAll(clients)) {
                client.get();
            }
        } catch (ExecutionException e) {
            throw new IOException("a relay on " + ports + ": " + e.getCause().getMessage(), e.getCause());
        }
    }

    private Void client(int port) throws IOException {
        try (LoadClient client = LoadClient.connect(port, load.octets())) {
            for (int number = next.getAndIncrement(); number < load.messages(); number = next.getAndIncrement()) {
                awaitTurn(number);
                client.send(SinkList.recipient(phase, number, load.domains()));
                accepted[number] = Latency.now();
            }
        }
        return null;
    }

    // By when it is due and not by when the one before was done: a slow relay does not lighten its load.
    private void awaitTurn(int number) {
        if (load.perSecond() > 0) {
            long due = began + number * TimeUnit.SECONDS.toNanos(1) / load.perSecond();
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
        }
    }

    /** When each message was accepted, by {@link Latency#now}. */
    long[] accepted() {
        return accepted;
    }
}
