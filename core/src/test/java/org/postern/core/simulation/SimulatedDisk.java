// SPDX-License-Identifier: Apache-2.0
package org.postern.core.simulation;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
import org.postern.spi.spool.SpooledMessage;

/**
 * What outlives a process. A write takes a moment until it is on the disk; what a crash interrupts is on the disk or is
 * not, and so is what the disk says it could not write.
 */
public final class SimulatedDisk {

    private final World world;
    private final History history;
    private final Map<MessageId, Stored> messages = new LinkedHashMap<>();
    private final Set<MessageId> damaged = new HashSet<>();
    private final List<Write> pending = new ArrayList<>();

    /** What has a name already, and may never be on the disk. */
    private final Set<MessageId> unstored = new HashSet<>();

    private double badness;
    private boolean damagesNext;
    private int ids;

    private record Stored(SpooledMessage message, String content) {}

    private static final class Write {
        private final Runnable effect;

        private Write(Runnable effect) {
            this.effect = effect;
        }
    }

    /** @param badness the chance of a fault at each call */
    public SimulatedDisk(World world, History history, double badness) {
        this.world = world;
        this.history = history;
        this.badness = badness;
    }

    /** Works from now on. */
    public void calmsDown() {
        badness = 0;
    }

    /** One of the messages that wait, or the next if none does, can never be read again. */
    public void damages() {
        List<MessageId> waiting = List.copyOf(messages.keySet());
        if (waiting.isEmpty()) {
            damagesNext = true;
        } else {
            damage(waiting.get(world.chance().nextInt(waiting.size())));
        }
    }

    private void damage(MessageId id) {
        damaged.add(id);
        history.damaged(messages.get(id).content());
    }

    /** Whether some message can never be read again. */
    public boolean isDamaged() {
        return !damaged.isEmpty();
    }

    /** The process is gone. */
    public void crashed() {
        pending.forEach(write -> {
            if (world.chance().nextBoolean()) {
                write.effect.run();
            }
        });
        pending.clear();
    }

    /** The content of a message that is not settled. */
    public Optional<String> content(MessageId id) {
        return Optional.ofNullable(messages.get(id)).map(Stored::content);
    }

    /** Takes a message up without losing anything of it, however badly the disk does. */
    public Spool spool() {
        return new SimulatedSpool();
    }

    private boolean fails() {
        return badness > 0 && world.chance().nextDouble() < badness;
    }

    private void write(Runnable effect) throws IOException {
        Write write = new Write(effect);
        pending.add(write);
        try {
            world.sleep(100_000 + world.chance().nextInt(20_000_000));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            pending.remove(write);
            throw new IOException(stopped);
        }
        pending.remove(write);
        if (fails()) {
            world.note("disk", "fails");
            if (world.chance().nextBoolean()) {
                effect.run();
            }
            throw new IOException("Input/output error");
        }
        effect.run();
    }

    private void requireStored(MessageId id) {
        if (unstored.contains(id)) {
            world.fail(id + " is asked for or noted before it is on the disk");
        }
    }

    private void update(MessageId id, Collection<RecipientUpdate> updates) {
        Stored stored = messages.get(id);
        if (stored == null) {
            return;
        }
        SpooledMessage old = stored.message();
        List<RecipientState> states = new ArrayList<>(old.states());
        updates.forEach(update -> {
            states.set(update.index(), update.state());
            if (update.state().settled()) {
                history.settled(
                        stored.content(),
                        old.envelope().recipients().get(update.index()).toString());
            }
        });
        if (states.stream().allMatch(RecipientState::settled)) {
            messages.remove(id);
        } else {
            messages.put(
                    id,
                    new Stored(
                            new SpooledMessage(
                                    old.id(),
                                    old.envelope(),
                                    old.binding(),
                                    old.context(),
                                    old.received(),
                                    old.size(),
                                    states),
                            stored.content()));
        }
    }

    private final class SimulatedSpool implements Spool {

        @Override
        public Draft draft() throws IOException {
            world.look();
            if (fails()) {
                throw new IOException("No space left on device");
            }
            return new SimulatedDraft();
        }

        @Override
        public void recover(Consumer<SpooledMessage> consumer) {
            List.copyOf(messages.values()).forEach(stored -> consumer.accept(stored.message()));
        }

        @Override
        public InputStream openContent(MessageId id) throws IOException {
            world.look();
            requireStored(id);
            Stored stored = messages.get(id);
            if (stored == null) {
                throw new FileNotFoundException(id.toString());
            }
            if (damaged.contains(id) || fails()) {
                throw new IOException("Input/output error");
            }
            return new ByteArrayInputStream(stored.content().getBytes(ISO_8859_1));
        }

        @Override
        public Optional<SpooledMessage> find(MessageId id) {
            return Optional.ofNullable(messages.get(id)).map(Stored::message);
        }

        @Override
        public void record(MessageId id, Collection<RecipientUpdate> updates) throws IOException {
            requireStored(id);
            List<RecipientUpdate> copy = List.copyOf(updates);
            write(() -> update(id, copy));
        }

        @Override
        public void remove(MessageId id) throws IOException {
            requireStored(id);
            write(() -> messages.remove(id));
        }

        @Override
        public long remainingCapacity() {
            return Long.MAX_VALUE;
        }
    }

    private final class SimulatedDraft implements Draft {

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
        public Commit begin(Envelope envelope, Binding binding, Map<String, String> context, Instant received) {
            MessageId id = new MessageId("m" + ++ids);
            List<RecipientState> states = envelope.recipients().stream()
                    .map(recipient -> RecipientState.fresh(received))
                    .toList();
            SpooledMessage message =
                    new SpooledMessage(id, envelope, binding, context, received, content.size(), states);
            Stored stored = new Stored(message, content.toString(ISO_8859_1));
            unstored.add(id);
            return new Commit() {
                @Override
                public SpooledMessage message() {
                    return message;
                }

                @Override
                public Receipt await() throws IOException {
                    SimulatedDisk.this.write(() -> store(stored));
                    if (envelope.sender().isEmpty()) {
                        history.promised(stored.content());
                    }
                    return new Receipt(message);
                }
            };
        }

        private void store(Stored stored) {
            MessageId id = stored.message().id();
            Envelope envelope = stored.message().envelope();
            messages.put(id, stored);
            unstored.remove(id);
            history.stored(
                    id,
                    stored.content(),
                    envelope.senderText(),
                    envelope.recipients().stream().map(Object::toString).toList());
            if (damagesNext) {
                damagesNext = false;
                damage(id);
            }
        }

        @Override
        public void close() {}
    }
}
