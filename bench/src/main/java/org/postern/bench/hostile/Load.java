// SPDX-License-Identifier: Apache-2.0
package org.postern.bench.hostile;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/**
 * Many messages of a recipient each, handed in over some connections.
 *
 * @param count how many messages
 * @param recipient to whom the message of that number goes, from 0
 */
record Load(int count, IntFunction<String> recipient) {

    private static final int CONNECTIONS = 20;
    private static final int OCTETS = 1024;

    /** Returns when the relay has taken all of them. */
    void run(int port) throws IOException, InterruptedException {
        AtomicInteger next = new AtomicInteger();
        try (ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS)) {
            List<Callable<Void>> senders = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                senders.add(() -> send(port, next));
            }
            for (Future<Void> sender : threads.invokeAll(senders)) {
                sender.get();
            }
        } catch (ExecutionException failed) {
            throw new IOException(failed.getCause().getMessage(), failed.getCause());
        }
    }

    private Void send(int port, AtomicInteger next) throws IOException {
        try (Sender sender = new Sender(port)) {
            for (int number = next.getAndIncrement(); number < count; number = next.getAndIncrement()) {
                sender.send(List.of(recipient.apply(number)), OCTETS);
            }
        }
        return null;
    }
}
