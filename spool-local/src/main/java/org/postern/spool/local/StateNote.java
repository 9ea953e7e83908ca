// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.postern.spi.spool.RecipientState;
import org.postern.spi.spool.RecipientUpdate;

/** The head of an update: count, then index, flags, attempts and due for each. To apply one twice changes nothing. */
final class StateNote {

    private static final int SETTLED = 1;
    private static final int ON_HOLD = 2;
    private static final int LENGTH_OF_ONE = 4 + 1 + 4 + 8 + 4;

    private StateNote() {}

    static byte[] toBytes(Collection<RecipientUpdate> updates) {
        ByteBuffer out = ByteBuffer.allocate(4 + updates.size() * LENGTH_OF_ONE);
        out.putInt(updates.size());
        for (RecipientUpdate update : updates) {
            RecipientState state = update.state();
            out.putInt(update.index()).put(flags(state)).putInt(state.attempts());
            out.putLong(state.due().getEpochSecond()).putInt(state.due().getNano());
        }
        return out.array();
    }

    private static byte flags(RecipientState state) {
        return (byte) ((state.settled() ? SETTLED : 0) | (state.onHold() ? ON_HOLD : 0));
    }

    static List<RecipientUpdate> read(ByteBuffer in) throws IOException {
        try {
            int count = in.getInt();
            List<RecipientUpdate> updates = new ArrayList<>(Math.min(count, in.remaining()));
            for (int i = 0; i < count; i++) {
                updates.add(new RecipientUpdate(in.getInt(), state(in)));
            }
            return updates;
        } catch (BufferUnderflowException | IllegalArgumentException | DateTimeException malformed) {
            throw new IOException("an update is malformed: " + malformed.getMessage(), malformed);
        }
    }

    private static RecipientState state(ByteBuffer in) {
        int flags = in.get();
        return new RecipientState(
                (flags & SETTLED) != 0,
                in.getInt(),
                Instant.ofEpochSecond(in.getLong(), in.getInt()),
                (flags & ON_HOLD) != 0);
    }
}
