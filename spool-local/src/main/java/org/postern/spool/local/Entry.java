// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.postern.spi.spool.RecipientState;
import org.postern.spi.spool.RecipientUpdate;

/**
 * What is held in memory for a message: where it is, and the states that differ from those of a fresh one.
 *
 * <p>Threading: changed by the committing thread alone; its monitor guards place and states and is never held for long.
 */
final class Entry {

    private static final long MICROS = 1_000_000;
    private static final byte[] NOTHING = {};

    /** The next of its chain in the catalogue, under whose monitor it is. */
    Entry next;

    private final long number;
    private final long bodyFile;
    private final int length;
    private final int recipients;
    private Segment segment;
    private int offset;
    private RecipientState[] states;
    private int unsettled;

    Entry(long number, long bodyFile, int recipients, Segment segment, long offset, long length) {
        this.number = number;
        this.bodyFile = bodyFile;
        this.recipients = recipients;
        this.unsettled = recipients;
        this.segment = segment;
        this.offset = Math.toIntExact(offset);
        this.length = Math.toIntExact(length);
        segment.gained(length);
    }

    /** What the index knows of a message, to look at or to be held from here on. Its segment has counted it. */
    Entry(Parked parked, Segment segment) {
        this.number = parked.number();
        this.bodyFile = parked.bodyFile();
        this.recipients = parked.recipients();
        this.unsettled = recipients;
        this.segment = segment;
        this.offset = parked.offset();
        this.length = parked.length();
        this.states = parked.note().length == 0 ? null : new RecipientState[recipients];
        for (RecipientUpdate update : parked.updates()) {
            set(update.index(), update.state());
        }
    }

    /** Where a message stands. */
    record Place(Segment segment, long offset) {}

    long number() {
        return number;
    }

    /** The number of the file with the content; 0 if there is none. */
    long bodyFile() {
        return bodyFile;
    }

    int recipients() {
        return recipients;
    }

    synchronized Place place() {
        return new Place(segment, offset);
    }

    synchronized boolean isIn(Segment wanted) {
        return segment == wanted;
    }

    synchronized void moveTo(Segment newSegment, long newOffset) {
        segment.lost(length);
        segment = newSegment;
        offset = Math.toIntExact(newOffset);
        segment.gained(length);
    }

    synchronized void forget() {
        segment.lost(length);
    }

    /** Whether all recipients are settled after these updates. Indices out of bounds come from forgery only. */
    synchronized boolean settledBy(Collection<RecipientUpdate> updates) {
        if (states == null) {
            states = new RecipientState[recipients];
        }
        for (RecipientUpdate update : updates) {
            if (update.index() < recipients) {
                set(update.index(), update.state());
            }
        }
        return unsettled == 0;
    }

    private void set(int index, RecipientState state) {
        boolean before = states[index] != null && states[index].settled();
        states[index] = state;
        unsettled += (before ? 1 : 0) - (state.settled() ? 1 : 0);
    }

    synchronized List<RecipientState> states(Instant received) {
        RecipientState fresh = RecipientState.fresh(received);
        List<RecipientState> all = new ArrayList<>(recipients);
        for (int i = 0; i < recipients; i++) {
            all.add(states == null || states[i] == null ? fresh : states[i]);
        }
        return all;
    }

    /** Whether everybody of whom these updates do not speak is settled. */
    synchronized boolean waitsOnlyFor(Collection<RecipientUpdate> updates) {
        long spokenOf = updates.stream()
                .filter(update -> !update.state().settled())
                .mapToInt(RecipientUpdate::index)
                .distinct()
                .count();
        return spokenOf == unsettled;
    }

    /**
     * When it is tried next, in seconds since 1970; {@link Parked#NEVER} while an operator has all of it on hold.
     *
     * @param now the time; a fresh message is due by then, wherever the clock stood when it was accepted
     */
    synchronized long due(long now) {
        long due = Parked.NEVER;
        for (int i = 0; i < recipients; i++) {
            RecipientState state = states == null ? null : states[i];
            if (state == null) {
                return Math.min(due, Math.min(now, number / MICROS));
            }
            if (!state.settled() && !state.onHold()) {
                due = Math.min(due, Math.max(0, state.due().getEpochSecond()));
            }
        }
        return due;
    }

    /** This message for the index. */
    synchronized Parked parked(long now) {
        return new Parked(
                number, segment.number(), offset, length, bodyFile, recipients, due(now), note().orElse(NOTHING));
    }

    /** The states that differ from those of a fresh message, as one update. */
    synchronized Optional<byte[]> note() {
        if (states == null) {
            return Optional.empty();
        }
        List<RecipientUpdate> updates = new ArrayList<>();
        for (int i = 0; i < recipients; i++) {
            if (states[i] != null) {
                updates.add(new RecipientUpdate(i, states[i]));
            }
        }
        return Optional.of(StateNote.toBytes(updates));
    }
}
