// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import java.nio.ByteBuffer;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;

/** How the index writes what it knows of a message: a fresh one with its content in the log takes about twenty octets. */
final class ParkedType extends BasicDataType<Parked> {

    private static final int MEMORY = 88;

    @Override
    public int getMemory(Parked parked) {
        return MEMORY + parked.note().length;
    }

    @Override
    public void write(WriteBuffer out, Parked parked) {
        out.putVarLong(parked.number()).putVarLong(parked.segment());
        out.putVarInt(parked.offset()).putVarInt(parked.length());
        out.putVarLong(parked.bodyFile()).putVarInt(parked.recipients()).putVarLong(parked.due());
        out.putVarInt(parked.note().length).put(parked.note());
    }

    @Override
    public Parked read(ByteBuffer in) {
        return new Parked(
                DataUtils.readVarLong(in),
                DataUtils.readVarLong(in),
                DataUtils.readVarInt(in),
                DataUtils.readVarInt(in),
                DataUtils.readVarLong(in),
                DataUtils.readVarInt(in),
                DataUtils.readVarLong(in),
                note(in));
    }

    private static byte[] note(ByteBuffer in) {
        byte[] note = new byte[DataUtils.readVarInt(in)];
        in.get(note);
        return note;
    }

    @Override
    public Parked[] createStorage(int size) {
        return new Parked[size];
    }
}
