// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import java.nio.ByteBuffer;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;

/** How the index writes due times. */
final class DueTimeType extends BasicDataType<DueTime> {

    private static final int MEMORY = 32;

    @Override
    public int compare(DueTime one, DueTime other) {
        return one.compareTo(other);
    }

    @Override
    public int getMemory(DueTime time) {
        return MEMORY;
    }

    @Override
    public void write(WriteBuffer out, DueTime time) {
        out.putVarLong(time.at()).putVarLong(time.number());
    }

    @Override
    public DueTime read(ByteBuffer in) {
        return new DueTime(DataUtils.readVarLong(in), DataUtils.readVarLong(in));
    }

    @Override
    public DueTime[] createStorage(int size) {
        return new DueTime[size];
    }
}
