// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.postern.spi.spool.RecipientUpdate;

/** What became of a message: states of recipients, or its end. */
final class Change extends Pending {

    private static final byte[] NOTHING = {};

    private final Catalogue catalogue;
    private final Consumer<Entry> gone;
    private final long number;
    private final Collection<RecipientUpdate> updates;
    private final LogRecord record;
    private final boolean tombstone;

    private Change(
            Catalogue catalogue,
            Consumer<Entry> gone,
            long number,
            Collection<RecipientUpdate> updates,
            LogRecord record,
            boolean tombstone) {
        this.catalogue = catalogue;
        this.gone = gone;
        this.number = number;
        this.updates = updates;
        this.record = record;
        this.tombstone = tombstone;
    }

    static Change update(Catalogue catalogue, Consumer<Entry> gone, long number, Collection<RecipientUpdate> updates) {
        byte[] head = StateNote.toBytes(updates);
        return new Change(
                catalogue, gone, number, updates, LogRecord.note(RecordHeader.Type.UPDATE, number, head), false);
    }

    static Change removal(Catalogue catalogue, Consumer<Entry> gone, long number) {
        LogRecord record = LogRecord.note(RecordHeader.Type.REMOVAL, number, NOTHING);
        return new Change(catalogue, gone, number, List.of(), record, false);
    }

    /** The end of a message that was never accepted, but whose record may stand in a segment that failed. */
    static Change tombstone(Catalogue catalogue, long number) {
        LogRecord record = LogRecord.note(RecordHeader.Type.REMOVAL, number, NOTHING);
        return new Change(catalogue, entry -> {}, number, List.of(), record, true);
    }

    @Override
    List<LogRecord> records() {
        return tombstone || catalogue.find(number).isPresent() ? List.of(record) : List.of();
    }

    @Override
    long octets() {
        return record.length();
    }

    @Override
    void apply(Segment segment, long offset) {
        Optional<Entry> ended = record.header().type() == RecordHeader.Type.REMOVAL
                ? catalogue.remove(number)
                : catalogue.update(number, updates);
        ended.ifPresent(gone);
    }
}
