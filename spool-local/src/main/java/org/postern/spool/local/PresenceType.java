// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import java.nio.ByteBuffer;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;

/** The values of a map that is a set: they take no room. */
final class PresenceType extends BasicDataType<Boolean> {

    @Override
    public int getMemory(Boolean present) {
        return 0;
    }

    @Override
    public void write(WriteBuffer out, Boolean present) {
        // There is but one value.
    }

    @Override
    public Boolean read(ByteBuffer in) {
        return Boolean.TRUE;
    }

    @Override
    public Boolean[] createStorage(int size) {
        return new Boolean[size];
    }
}
