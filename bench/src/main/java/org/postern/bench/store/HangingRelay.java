// SPDX-License-Identifier: Apache-2.0
package org.postern.bench.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.postern.auth.plain.PlainMechanism;
import org.postern.bench.LoneEngine;
import org.postern.core.scope.OutboundSettings;
import org.postern.engine.dto.QueueView;
import org.postern.peer.MailPeer;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.CredentialStore;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.Lookup;
import org.postern.spi.credential.PasswordCredential;
import org.postern.spi.credential.Secret;
import org.postern.spi.event.DeliveryEvent;
import org.postern.spi.mail.DeliveryOutcome;
import org.postern.spi.mail.Envelope;
import org.postern.spi.policy.OutboundAuthSettings;

/**
 * An engine that is kept busy with mail for one peer, whose credential comes from a store that answers, and messages whose
 * credentials are with a store that hangs: each for another domain and with another key, so that they want as many lookups.
 */
final class HangingRelay implements AutoCloseable {

    private static final String BUSY = "example.com";
    private static final String STUCK = ".stuck.example";
    private static final int WAITING = 500;
    private static final int LOOKUPS_AT_ONCE = 64;
    private static final int FEEDERS = 16;
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final int ON_THE_WAY = 400;
    private static final Envelope ENVELOPE = LoneEngine.to(BUSY);

    private final MailPeer peer = peer();
    private final HangingStore store;
    private final LoneEngine engine;
    private final LongAdder delivered = new LongAdder();
    private final Semaphore room = new Semaphore(ON_THE_WAY);
    private final List<Thread> feeders;
    private volatile boolean ended;

    HangingRelay(HangingStore store) throws IOException {
        this.store = store;
        this.engine = new LoneEngine(this::happened);
        engine.install(new PlainMechanism(), "PLAIN", PasswordCredential.KIND);
        engine.install(new QuickStore());
        engine.install(store);
        letWaitingMailAsk(false);
        for (int i = 0; i < WAITING; i++) {
            engine.submit(LoneEngine.to(i + STUCK), Map.of());
        }
        this.feeders = IntStream.range(0, FEEDERS)
                .mapToObj(i -> Thread.ofVirtual().start(this::feed))
                .toList();
    }

    private static MailPeer peer() {
        try {
            return MailPeer.builder()
                    .mechanisms("PLAIN")
                    .account("alice", "pencil")
                    .requireAuth()
                    .countOnly()
                    .start();
        } catch (IOException unlistenable) {
            throw new UncheckedIOException(unlistenable);
        }
    }

    private static final class QuickStore implements CredentialStore {

        @Override
        public String name() {
            return "quick";
        }

        @Override
        public Lookup lookup(CredentialRef ref) {
            return new Lookup.Found(new PasswordCredential(
                    "alice", Secret.of("pencil"), new CredentialVersion("1"), Optional.empty(), Set.of()));
        }
    }

    private void happened(DeliveryEvent event) {
        if (event instanceof DeliveryEvent.AttemptEnded ended) {
            switch (ended.outcome()) {
                case DeliveryOutcome.Delivered good -> {
                    delivered.increment();
                    room.release();
                }
                case DeliveryOutcome.Held waits -> {}
                default -> throw new IllegalStateException(ended.outcome().toString());
            }
        }
    }

    private void feed() {
        try {
            while (!ended) {
                room.acquire();
                engine.submit(ENVELOPE, Map.of());
            }
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }

    /** Messages delivered to the busy peer so far. */
    long delivered() {
        return delivered.sum();
    }

    /** The store hangs, and the mail that needs it asks it; returns when as many lookups are out as there can be. */
    void hang() {
        store.hang();
        // What it said last is not believed for a second more.
        tryAgain();
        letWaitingMailAsk(true);
        await(() -> store.asked() >= LOOKUPS_AT_ONCE);
    }

    /** The mail that needs the store waits and asks nothing; returns when no lookup is out. */
    void rest() {
        letWaitingMailAsk(false);
        store.recover();
        await(() -> engine.runtime().queues().stream()
                .filter(queue -> queue.domain().endsWith(STUCK))
                .mapToInt(QueueView::active)
                .allMatch(active -> active == 0));
    }

    /** All mail that is held is tried once more. */
    void tryAgain() {
        engine.credentials().storeChanged(HangingStore.NAME);
    }

    private void letWaitingMailAsk(boolean asks) {
        engine.configure(next -> {
            next.global(OutboundSettings.ROUTES, List.of("smtp://127.0.0.1:" + peer.port()))
                    .domain(BUSY, OutboundAuthSettings.KEY, "relay")
                    .domain(BUSY, OutboundAuthSettings.CREDENTIAL_STORES, List.of("quick"));
            for (int i = 0; i < WAITING; i++) {
                next.domain(i + STUCK, OutboundAuthSettings.KEY, "relay-" + i)
                        .domain(i + STUCK, OutboundAuthSettings.CREDENTIAL_STORES, List.of(HangingStore.NAME))
                        .domain(i + STUCK, OutboundSettings.SUSPEND_DELIVERY, !asks);
            }
        });
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("the store was not asked, or not let go, within 30 s");
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    @Override
    public void close() throws IOException {
        ended = true;
        store.recover();
        feeders.forEach(Thread::interrupt);
        engine.close();
        peer.close();
    }
}
