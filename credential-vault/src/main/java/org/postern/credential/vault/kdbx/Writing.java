// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault.kdbx;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Collects little-endian octets. Not safe for several threads. */
final class Writing {

    private final ByteArrayOutputStream octets = new ByteArrayOutputStream();

    Writing octet(int value) {
        octets.write(value);
        return this;
    }

    Writing int16(int value) {
        return put(le(Short.BYTES).putShort((short) value));
    }

    Writing int32(int value) {
        return put(le(Integer.BYTES).putInt(value));
    }

    Writing field(byte[] value) {
        return int32(value.length).put(value);
    }

    Writing put(byte[] value) {
        octets.writeBytes(value);
        return this;
    }

    byte[] toByteArray() {
        return octets.toByteArray();
    }

    static byte[] int64(long value) {
        return le(Long.BYTES).putLong(value).array();
    }

    private Writing put(ByteBuffer value) {
        return put(value.array());
    }

    private static ByteBuffer le(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
