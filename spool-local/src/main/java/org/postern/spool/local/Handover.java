// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.postern.spi.spool.SpooledMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands parked messages to the engine when their time comes and memory has room, the most urgent first. A message is read
 * before it is taken, so that what the disk does not give stays parked.
 */
final class Handover implements Closeable {

    private static final Logger LOG = LoggerFactory.getLogger(Handover.class);
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int AT_ONCE = 500;

    private final String where;
    private final Inventory inventory;
    private final StoredMessages stored;
    private final Thread thread;
    private volatile Consumer<SpooledMessage> consumer;
    private volatile boolean closing;
    private boolean failing;

    Handover(String where, Inventory inventory, StoredMessages stored) {
        this.where = where;
        this.inventory = inventory;
        this.stored = stored;
        this.thread = Thread.ofPlatform()
                .daemon()
                .name("postern-spool-handover " + where)
                .unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Where messages go. Until this is called they stay where they are. */
    void handTo(Consumer<SpooledMessage> taker) {
        consumer = taker;
        LockSupport.unpark(thread);
    }

    /** Called after each round; wakes the thread if messages wait for the room that there is now. */
    void look() {
        if (inventory.canCatchUp()) {
            LockSupport.unpark(thread);
        }
    }

    private void run() {
        while (!closing) {
            handOver();
            LockSupport.parkNanos(this, PAUSE_NANOS);
        }
    }

    /** Hands over what is due and has room. A failure is told once and tried again later. */
    void handOver() {
        try {
            inventory.look();
            int handed = consumer == null ? 0 : AT_ONCE;
            while (handed > 0 && !closing) {
                handed = handOverSome(Math.min(AT_ONCE, inventory.room()));
            }
            inventory.lookBehind();
            failing = false;
        } catch (IndexLostException told) {
            // The inventory has told of it.
        } catch (IOException | RuntimeException failure) {
            report(failure);
        }
    }

    private int handOverSome(int most) throws IOException {
        List<Parked> due = most == 0 ? List.of() : inventory.due(most);
        int handed = 0;
        for (Parked parked : due) {
            Optional<Entry> entry = inventory.entry(parked);
            if (entry.isPresent() && handOver(parked, entry.get())) {
                handed++;
            }
        }
        return handed;
    }

    /** What is damaged is taken from the index, lest it come up again and again; it waits for people to look at. */
    private boolean handOver(Parked parked, Entry entry) throws IOException {
        Optional<SpooledMessage> message = Optional.empty();
        try {
            message = stored.message(entry);
        } catch (DamagedRecordException told) {
            // It was told of where it was found.
        }
        boolean taken = inventory.take(parked);
        if (taken) {
            message.ifPresent(consumer);
        }
        return taken;
    }

    private void report(Exception failure) {
        if (!failing && !closing) {
            failing = true;
            LOG.warn("spool {}: parked messages cannot be handed over, will try again", where, failure);
        }
    }

    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(thread);
        ThreadEnd.await(thread);
    }
}
