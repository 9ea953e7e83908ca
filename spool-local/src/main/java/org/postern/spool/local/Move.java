// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import java.nio.ByteBuffer;
import java.util.List;

/** A message that is copied forward, with the states it has by then, so that its old segment can go. */
final class Move extends Pending {

    private final Inventory inventory;
    private final Entry.Place from;
    private final LogRecord message;

    Move(Inventory inventory, Entry.Place from, Segment.Stored stored, ByteBuffer content) {
        this.inventory = inventory;
        this.from = from;
        byte[] head = new byte[stored.head().remaining()];
        stored.head().duplicate().get(head);
        this.message = new LogRecord(stored.header(), head, List.of(content));
    }

    /** Nothing, if the message ended or moved meanwhile: it must not rise again. */
    @Override
    List<LogRecord> records() {
        try {
            return inventory
                    .find(message.header().number())
                    .filter(entry -> entry.place().equals(from))
                    .map(this::withStates)
                    .orElse(List.of());
        } catch (IndexLostException nobodyKnows) {
            return List.of();
        }
    }

    private List<LogRecord> withStates(Entry entry) {
        return entry.note()
                .map(note -> List.of(message, LogRecord.note(RecordHeader.Type.UPDATE, entry.number(), note)))
                .orElse(List.of(message));
    }

    @Override
    void apply(Segment segment, long offset) {
        inventory.move(message.header().number(), segment, offset);
    }

    @Override
    long octets() {
        return message.length();
    }
}
