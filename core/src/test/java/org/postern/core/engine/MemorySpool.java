// SPDX-License-Identifier: Apache-2.0
package org.postern.core.engine;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.postern.spi.mail.Binding;
import org.postern.spi.mail.Envelope;
import org.postern.spi.mail.MessageId;
import org.postern.spi.spool.Commit;
import org.postern.spi.spool.Draft;
import org.postern.spi.spool.Receipt;
import org.postern.spi.spool.RecipientState;
import org.postern.spi.spool.RecipientUpdate;
import org.postern.spi.spool.Spool;
import org.postern.spi.spool.SpoolFullException;
import org.postern.spi.spool.SpooledMessage;

/** A spool that forgets everything with the test. */
final class MemorySpool implements Spool {

    private record Stored(SpooledMessage message, byte[] content) {}

    private final Map<MessageId, Stored> messages = new ConcurrentHashMap<>();
    private final AtomicInteger ids = new AtomicInteger();
    final AtomicInteger finds = new AtomicInteger();
    volatile boolean failing;

    /** How many messages it has not stored because it was failing. */
    final AtomicInteger refused = new AtomicInteger();

    volatile boolean forgetful;
    volatile boolean full;
    volatile boolean unreadable;

    /** What is there and cannot be read. */
    final Set<MessageId> damaged = ConcurrentHashMap.newKeySet();

    /** How often somebody wanted to read that. */
    final AtomicInteger unread = new AtomicInteger();

    /** Whether it takes back what is offered. */
    volatile boolean takesBack;

    /** Whether new mail is for others, or for later. */
    volatile boolean holdsNoMore;

    /** What a message waits for until it is durable; if that fails, so does storing it. */
    volatile CompletableFuture<Void> flush = CompletableFuture.completedFuture(null);

    private final Set<MessageId> unheld = ConcurrentHashMap.newKeySet();
    private volatile Consumer<SpooledMessage> consumer = message -> {};

    @Override
    public void requireRoom() throws IOException {
        if (full) {
            throw new SpoolFullException("full");
        }
    }

    @Override
    public Draft draft() {
        return new MemoryDraft();
    }

    private final class MemoryDraft implements Draft {

        private final ByteArrayOutputStream content = new ByteArrayOutputStream();

        @Override
        public void write(ByteBuffer more) {
            byte[] octets = new byte[more.remaining()];
            more.get(octets);
            content.writeBytes(octets);
        }

        @Override
        public Receipt commit(Envelope envelope, Binding binding, Map<String, String> context, Instant received)
                throws IOException {
            return begin(envelope, binding, context, received).await();
        }

        @Override
        public Commit begin(Envelope envelope, Binding binding, Map<String, String> context, Instant received)
                throws IOException {
            if (failing) {
                refused.incrementAndGet();
                throw new IOException("no space left on device");
            }
            MessageId id = new MessageId("m" + ids.incrementAndGet());
            List<RecipientState> states = envelope.recipients().stream()
                    .map(recipient -> RecipientState.fresh(received))
                    .toList();
            SpooledMessage message =
                    new SpooledMessage(id, envelope, binding, context, received, content.size(), states);
            return new Commit() {
                @Override
                public SpooledMessage message() {
                    return message;
                }

                @Override
                public Receipt await() throws IOException {
                    awaitFlush();
                    return store(message);
                }
            };
        }

        private void awaitFlush() throws IOException {
            try {
                flush.join();
            } catch (CompletionException failure) {
                throw new IOException(failure.getCause());
            }
        }

        private Receipt store(SpooledMessage message) {
            messages.put(message.id(), new Stored(message, content.toByteArray()));
            boolean hold = !holdsNoMore;
            if (!hold) {
                unheld.add(message.id());
            }
            return new Receipt(message, hold);
        }

        @Override
        public void close() {}
    }

    @Override
    public void recover(Consumer<SpooledMessage> taker) {
        consumer = taker;
        unheld.clear();
        messages.values().stream()
                .map(Stored::message)
                .sorted((a, b) -> a.id().compareTo(b.id()))
                .forEach(taker);
    }

    @Override
    public void visitUnheld(Consumer<SpooledMessage> visitor) throws IOException {
        if (unreadable) {
            throw new IOException("input/output error");
        }
        unheld.stream().sorted().forEach(id -> findUnheld(id).ifPresent(visitor));
    }

    @Override
    public Optional<SpooledMessage> findUnheld(MessageId id) {
        return unheld.contains(id) ? Optional.ofNullable(messages.get(id)).map(Stored::message) : Optional.empty();
    }

    @Override
    public boolean recordUnheld(SpooledMessage seen, Collection<RecipientUpdate> updates) throws IOException {
        if (!findUnheld(seen.id()).equals(Optional.of(seen))) {
            return false;
        }
        record(seen.id(), updates);
        return true;
    }

    /** Takes up everything that nobody holds and that is due at this moment. */
    void takeUp(Instant now) {
        for (MessageId id : unheld) {
            Optional<SpooledMessage> due =
                    findUnheld(id).filter(message -> message.states().stream().anyMatch(state -> isDue(state, now)));
            if (due.isPresent() && unheld.remove(id)) {
                consumer.accept(due.get());
            }
        }
    }

    private static boolean isDue(RecipientState state, Instant now) {
        return !state.settled() && !state.onHold() && !state.due().isAfter(now);
    }

    @Override
    public InputStream openContent(MessageId id) throws IOException {
        Stored stored = messages.get(id);
        if (stored == null) {
            throw new FileNotFoundException(id.toString());
        }
        if (damaged.contains(id)) {
            unread.incrementAndGet();
            throw new IOException("the content of " + id + " does not match its checksum");
        }
        return new ByteArrayInputStream(stored.content());
    }

    @Override
    public Optional<SpooledMessage> find(MessageId id) {
        finds.incrementAndGet();
        return Optional.ofNullable(messages.get(id)).map(Stored::message);
    }

    @Override
    public void record(MessageId id, Collection<RecipientUpdate> updates) throws IOException {
        if (forgetful) {
            throw new IOException("input/output error");
        }
        messages.computeIfPresent(id, (ignored, stored) -> updated(stored, updates));
    }

    @Override
    public boolean defer(MessageId id, Collection<RecipientUpdate> updates) throws IOException {
        record(id, updates);
        if (takesBack) {
            unheld.add(id);
        }
        return !takesBack;
    }

    private static Stored updated(Stored stored, Collection<RecipientUpdate> updates) {
        SpooledMessage old = stored.message();
        List<RecipientState> states = new ArrayList<>(old.states());
        updates.forEach(update -> states.set(update.index(), update.state()));
        if (states.stream().allMatch(RecipientState::settled)) {
            return null;
        }
        return new Stored(
                new SpooledMessage(
                        old.id(), old.envelope(), old.binding(), old.context(), old.received(), old.size(), states),
                stored.content());
    }

    @Override
    public void remove(MessageId id) {
        messages.remove(id);
    }

    @Override
    public long remainingCapacity() {
        return Long.MAX_VALUE;
    }

    /** What is not settled. */
    List<SpooledMessage> left() {
        return messages.values().stream().map(Stored::message).toList();
    }
}
