// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.postern.spi.spool.RecipientUpdate;

/** What became of a message: states of recipients, or its end. */
final class Change extends Pending {

    private enum Kind {
        UPDATE,
        /** An update, after which the message waits nowhere but here. */
        DEFERRAL,
        REMOVAL,
        /** The end of a message that was never accepted. */
        TOMBSTONE
    }

    private static final byte[] NOTHING = {};

    private final Kind kind;
    private final Inventory inventory;
    private final Consumer<Entry> gone;
    private final long number;
    private final Collection<RecipientUpdate> updates;
    private final LogRecord record;
    private volatile boolean parked;

    private Change(
            Kind kind,
            Inventory inventory,
            Consumer<Entry> gone,
            long number,
            Collection<RecipientUpdate> updates,
            LogRecord record) {
        this.kind = kind;
        this.inventory = inventory;
        this.gone = gone;
        this.number = number;
        this.updates = updates;
        this.record = record;
    }

    static Change update(Inventory inventory, Consumer<Entry> gone, long number, Collection<RecipientUpdate> updates) {
        return new Change(Kind.UPDATE, inventory, gone, number, updates, note(number, updates));
    }

    /** As {@link #update}; and the message is parked, where memory has more than it should and it waits nowhere else. */
    static Change deferral(
            Inventory inventory, Consumer<Entry> gone, long number, Collection<RecipientUpdate> updates) {
        return new Change(Kind.DEFERRAL, inventory, gone, number, updates, note(number, updates));
    }

    private static LogRecord note(long number, Collection<RecipientUpdate> updates) {
        return LogRecord.note(RecordHeader.Type.UPDATE, number, StateNote.toBytes(updates));
    }

    static Change removal(Inventory inventory, Consumer<Entry> gone, long number) {
        return new Change(Kind.REMOVAL, inventory, gone, number, List.of(), end(number));
    }

    /** The end of a message that was never accepted, but whose record may stand in a segment that failed. */
    static Change tombstone(Inventory inventory, long number) {
        return new Change(Kind.TOMBSTONE, inventory, entry -> {}, number, List.of(), end(number));
    }

    private static LogRecord end(long number) {
        return LogRecord.note(RecordHeader.Type.REMOVAL, number, NOTHING);
    }

    /** Whether the message is held no longer, once this is durable. */
    boolean parked() {
        return parked;
    }

    @Override
    List<LogRecord> records() {
        return kind == Kind.TOMBSTONE || mayBeThere() ? List.of(record) : List.of();
    }

    private boolean mayBeThere() {
        try {
            return inventory.find(number).isPresent();
        } catch (IndexLostException nobodyKnows) {
            return true;
        }
    }

    @Override
    long octets() {
        return record.length();
    }

    @Override
    void apply(Segment segment, long offset) {
        Optional<Entry> ended = switch (kind) {
            case UPDATE, DEFERRAL -> inventory.update(number, updates);
            case REMOVAL, TOMBSTONE -> inventory.remove(number);
        };
        ended.ifPresent(gone);
        parked = kind == Kind.DEFERRAL && inventory.giveBack(number, updates);
    }
}
