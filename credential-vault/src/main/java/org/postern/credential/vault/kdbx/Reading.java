// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault.kdbx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A cursor over little-endian octets that answers a cut-off input with one clear error. Not safe for several threads. */
final class Reading {

    private final ByteBuffer buffer;

    Reading(byte[] octets) {
        this.buffer = ByteBuffer.wrap(octets).order(ByteOrder.LITTLE_ENDIAN);
    }

    int position() {
        return buffer.position();
    }

    int remaining() {
        return buffer.remaining();
    }

    int octet() throws UnreadableVaultException {
        return take(1)[0] & 0xff;
    }

    int int16() throws UnreadableVaultException {
        return ByteBuffer.wrap(take(2)).order(ByteOrder.LITTLE_ENDIAN).getShort() & 0xffff;
    }

    int int32() throws UnreadableVaultException {
        return ByteBuffer.wrap(take(4)).order(ByteOrder.LITTLE_ENDIAN).getInt();
    }

    byte[] field() throws UnreadableVaultException {
        return take(int32());
    }

    byte[] take(int count) throws UnreadableVaultException {
        // Checked before the allocation: a damaged length must not cost memory.
        if (count < 0 || count > buffer.remaining()) {
            throw new UnreadableVaultException("is cut off or damaged");
        }
        byte[] octets = new byte[count];
        buffer.get(octets);
        return octets;
    }
}
