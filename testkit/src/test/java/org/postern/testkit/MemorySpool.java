// SPDX-License-Identifier: Apache-2.0
package org.postern.testkit;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.postern.spi.mail.Binding;
import org.postern.spi.mail.Envelope;
import org.postern.spi.mail.MessageId;
import org.postern.spi.spool.Draft;
import org.postern.spi.spool.Receipt;
import org.postern.spi.spool.RecipientState;
import org.postern.spi.spool.RecipientUpdate;
import org.postern.spi.spool.Spool;
import org.postern.spi.spool.SpoolFullException;
import org.postern.spi.spool.SpooledMessage;

/** The least spool that keeps the contract; its disk is an object that outlives it. */
class MemorySpool implements Spool {

    /** What survives. */
    static final class Disk {
        final Map<MessageId, Stored> messages = Collections.synchronizedMap(new LinkedHashMap<>());
        final AtomicLong names = new AtomicLong();
        final long room;

        Disk(long room) {
            this.room = room;
        }

        long used() {
            synchronized (messages) {
                return messages.values().stream()
                        .mapToLong(s -> s.content().length)
                        .sum();
            }
        }
    }

    record Stored(SpooledMessage message, byte[] content) {}

    final Disk disk;
    private final int mostHeld;
    private final AtomicInteger held = new AtomicInteger();
    final Set<MessageId> unheld = ConcurrentHashMap.newKeySet();

    MemorySpool(Disk disk) {
        this(disk, Integer.MAX_VALUE);
    }

    MemorySpool(Disk disk, int mostHeld) {
        this.disk = disk;
        this.mostHeld = mostHeld;
    }

    @Override
    public Draft draft() throws IOException {
        return new MemoryDraft();
    }

    @Override
    public void recover(Consumer<SpooledMessage> consumer) throws IOException {
        List.copyOf(disk.messages.values()).forEach(stored -> consumer.accept(stored.message()));
    }

    @Override
    public InputStream openContent(MessageId id) throws IOException {
        Stored stored = disk.messages.get(id);
        if (stored == null) {
            throw new FileNotFoundException("no message " + id);
        }
        return new ByteArrayInputStream(stored.content());
    }

    @Override
    public Optional<SpooledMessage> find(MessageId id) {
        return Optional.ofNullable(disk.messages.get(id)).map(Stored::message);
    }

    @Override
    public void record(MessageId id, Collection<RecipientUpdate> updates) {
        disk.messages.computeIfPresent(id, (key, stored) -> {
            SpooledMessage message = with(stored.message(), updates);
            boolean settled = message.states().stream().allMatch(RecipientState::settled);
            return settled ? null : new Stored(message, stored.content());
        });
    }

    @Override
    public void visitUnheld(Consumer<SpooledMessage> visitor) {
        List.copyOf(unheld).forEach(id -> find(id).ifPresent(visitor));
    }

    @Override
    public Optional<SpooledMessage> findUnheld(MessageId id) {
        return unheld.contains(id) ? find(id) : Optional.empty();
    }

    @Override
    public boolean recordUnheld(SpooledMessage seen, Collection<RecipientUpdate> updates) {
        synchronized (unheld) {
            boolean same = unheld.contains(seen.id()) && find(seen.id()).equals(Optional.of(seen));
            if (same) {
                record(seen.id(), updates);
            }
            return same;
        }
    }

    static SpooledMessage with(SpooledMessage message, Collection<RecipientUpdate> updates) {
        List<RecipientState> states = new ArrayList<>(message.states());
        updates.forEach(update -> states.set(update.index(), update.state()));
        return new SpooledMessage(
                message.id(),
                message.envelope(),
                message.binding(),
                message.context(),
                message.received(),
                message.size(),
                states);
    }

    @Override
    public void remove(MessageId id) {
        disk.messages.remove(id);
    }

    @Override
    public long remainingCapacity() {
        return disk.room - disk.used();
    }

    MessageId newName() {
        return new MessageId("m" + disk.names.incrementAndGet());
    }

    class MemoryDraft implements Draft {

        final ByteArrayOutputStream content = new ByteArrayOutputStream();

        @Override
        public void write(ByteBuffer buffer) throws IOException {
            if (buffer.remaining() > remainingCapacity()) {
                throw new SpoolFullException("no room");
            }
            byte[] octets = new byte[buffer.remaining()];
            buffer.get(octets);
            content.writeBytes(octets);
        }

        @Override
        public Receipt commit(Envelope envelope, Binding binding, Map<String, String> context, Instant received) {
            List<RecipientState> states = envelope.recipients().stream()
                    .map(recipient -> RecipientState.fresh(received))
                    .toList();
            SpooledMessage message =
                    new SpooledMessage(newName(), envelope, binding, context, received, content.size(), states);
            disk.messages.put(message.id(), new Stored(message, content.toByteArray()));
            boolean hold = held.incrementAndGet() <= mostHeld;
            if (!hold) {
                unheld.add(message.id());
            }
            return new Receipt(message, hold);
        }

        @Override
        public void close() {}
    }
}
