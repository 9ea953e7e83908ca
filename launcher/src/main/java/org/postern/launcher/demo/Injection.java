// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher.demo;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.postern.launcher.send.Content;
import org.postern.launcher.send.MailEnvelope;
import org.postern.launcher.send.SendException;
import org.postern.launcher.send.SubmissionClient;

/**
 * Hands the messages to the relay over two connections at a steady pace. The last tenth waits for {@link #finish()}, so
 * that mail flows before, during and after whatever happens in between.
 */
final class Injection {

    private static final int CONNECTIONS = 2;

    private final InetSocketAddress relay;
    private final DemoPeers peers;
    private final int messages;
    private final long pauseNanos;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger accepted = new AtomicInteger();
    private final CountDownLatch finish = new CountDownLatch(1);

    Injection(InetSocketAddress relay, DemoPeers peers, int messages, Duration over) {
        this.relay = relay;
        this.peers = peers;
        this.messages = messages;
        this.pauseNanos = over.toNanos() * CONNECTIONS / Math.max(1, messages);
    }

    /** Begins; the result ends when the last message is accepted, or with what went wrong. */
    CompletableFuture<Void> start() {
        List<CompletableFuture<Void>> both = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            both.add(CompletableFuture.runAsync(this::inject, Executors.newVirtualThreadPerTaskExecutor()));
        }
        return CompletableFuture.allOf(both.toArray(CompletableFuture[]::new));
    }

    /** Messages that the relay has taken responsibility for. */
    int accepted() {
        return accepted.get();
    }

    /** Lets the last tenth go. */
    void finish() {
        finish.countDown();
    }

    private void inject() {
        try (SubmissionClient client = new SubmissionClient(relay)) {
            for (int number = next.getAndIncrement(); number < messages; number = next.getAndIncrement()) {
                pace(number);
                send(client, DemoMessage.number(number));
            }
        } catch (IOException | SendException e) {
            throw new IllegalStateException("the relay did not take a message: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void pace(int number) throws InterruptedException {
        LockSupport.parkNanos(pauseNanos);
        if (number >= messages - messages / 10) {
            finish.await(60, TimeUnit.SECONDS);
        }
    }

    private void send(SubmissionClient client, DemoMessage message) throws IOException, SendException {
        peers.ledger(message.to()).owe(message, Instant.now());
        client.send(new MailEnvelope(message.sender(), List.of(message.recipient())), Content.of(message.content()));
        accepted.incrementAndGet();
    }
}
