// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.postern.spi.spool.RecipientUpdate;

/**
 * What the index knows of a message that is not held in memory.
 *
 * @param number the message
 * @param segment the number of the segment that it stands in
 * @param offset where in the segment
 * @param length octets of its record
 * @param bodyFile the number of the file with its content; 0 if there is none
 * @param recipients how many it has
 * @param due when it is tried next, in seconds since 1970; {@link #NEVER} while an operator has it on hold
 * @param note the states that differ from those of a fresh message, as {@link StateNote} writes them; empty if none does
 */
record Parked(long number, long segment, int offset, int length, long bodyFile, int recipients, long due, byte[] note) {

    static final long NEVER = Long.MAX_VALUE;

    /** The states that differ from those of a fresh message. */
    List<RecipientUpdate> updates() {
        try {
            return note.length == 0 ? List.of() : StateNote.read(ByteBuffer.wrap(note));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** Whether it is the same message at the same place in the same state. */
    boolean isStill(Parked other) {
        return number == other.number
                && segment == other.segment
                && offset == other.offset
                && due == other.due
                && Arrays.equals(note, other.note);
    }
}
