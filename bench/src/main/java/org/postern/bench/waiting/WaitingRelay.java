// SPDX-License-Identifier: Apache-2.0
package org.postern.bench.waiting;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.postern.bench.LoneEngine;
import org.postern.core.scope.OutboundSettings;
import org.postern.peer.MailPeer;
import org.postern.spi.event.DeliveryEvent;
import org.postern.spi.mail.DeliveryOutcome;
import org.postern.spi.mail.Envelope;

/** An engine and one peer, whose mail is kept waiting or let go. */
final class WaitingRelay implements AutoCloseable {

    private static final String DOMAIN = "example.com";
    private static final Envelope ENVELOPE = LoneEngine.to(DOMAIN);

    private final boolean contextInMemory;
    private final MailPeer peer;
    private final LoneEngine engine;
    private final Semaphore held = new Semaphore(0);
    private final Semaphore delivered = new Semaphore(0);

    private WaitingRelay(boolean contextInMemory) throws IOException {
        this.contextInMemory = contextInMemory;
        this.peer = MailPeer.builder().countOnly().start();
        this.engine = new LoneEngine(this::happened);
    }

    /** @param contextInMemory what {@code Keep_Message_Dicts_In_Memory} says */
    static WaitingRelay start(boolean contextInMemory) throws IOException {
        return new WaitingRelay(contextInMemory);
    }

    private void happened(DeliveryEvent event) {
        if (event instanceof DeliveryEvent.AttemptEnded ended) {
            switch (ended.outcome()) {
                case DeliveryOutcome.Delivered good -> delivered.release();
                case DeliveryOutcome.Held waits -> held.release();
                default -> throw new IllegalStateException(ended.outcome().toString());
            }
        }
    }

    /** Whether mail waits. */
    void suspend(boolean suspended) {
        engine.configure(next -> next.global(OutboundSettings.KEEP_MESSAGE_DICTS_IN_MEMORY, contextInMemory)
                .global(OutboundSettings.SUSPEND_DELIVERY, suspended)
                .domain(DOMAIN, OutboundSettings.ROUTES, List.of("smtp://127.0.0.1:" + peer.port())));
    }

    void submit(Map<String, String> context) throws IOException {
        engine.submit(ENVELOPE, context);
    }

    void awaitWaiting(int messages) throws InterruptedException {
        held.acquire(messages);
    }

    void awaitDelivered(int messages) throws InterruptedException {
        delivered.acquire(messages);
    }

    @Override
    public void close() throws IOException {
        engine.close();
        peer.close();
    }
}
