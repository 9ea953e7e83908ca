// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault.kdbx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Names with typed values, as KDBX 4 writes the parameters of the key derivation. Immutable; entries of unknown types
 * are kept.
 */
final class VariantDictionary {

    static final int UINT32 = 0x04;
    static final int UINT64 = 0x05;
    static final int OCTETS = 0x42;

    private static final int VERSION = 0x0100;
    private static final int CRITICAL_VERSION = 0xff00;
    private static final int END = 0;

    private final Map<String, Value> values;

    private VariantDictionary(Map<String, Value> values) {
        this.values = values;
    }

    private record Value(int type, byte[] octets) {}

    static VariantDictionary empty() {
        return new VariantDictionary(Map.of());
    }

    static VariantDictionary read(byte[] octets) throws UnreadableVaultException {
        Reading in = new Reading(octets);
        if ((in.int16() & CRITICAL_VERSION) > VERSION) {
            throw new UnreadableVaultException("has key derivation parameters of a newer format");
        }
        Map<String, Value> values = new LinkedHashMap<>();
        for (int type = in.octet(); type != END; type = in.octet()) {
            String name = new String(in.field(), StandardCharsets.UTF_8);
            values.put(name, new Value(type, in.field()));
        }
        return new VariantDictionary(values);
    }

    byte[] toByteArray() {
        Writing out = new Writing().int16(VERSION);
        values.forEach((name, value) -> out.octet(value.type())
                .field(name.getBytes(StandardCharsets.UTF_8))
                .field(value.octets()));
        return out.octet(END).toByteArray();
    }

    VariantDictionary with(String name, int type, byte[] octets) {
        Map<String, Value> more = new LinkedHashMap<>(values);
        more.put(name, new Value(type, octets.clone()));
        return new VariantDictionary(more);
    }

    VariantDictionary withInt32(String name, int value) {
        return with(name, UINT32, new Writing().int32(value).toByteArray());
    }

    VariantDictionary withInt64(String name, long value) {
        return with(name, UINT64, Writing.int64(value));
    }

    Optional<byte[]> octets(String name) {
        return Optional.ofNullable(values.get(name)).map(Value::octets);
    }

    /** A number of 4 or 8 octets, read without sign. Above {@link Long#MAX_VALUE} it comes back negative. */
    long number(String name) throws UnreadableVaultException {
        byte[] octets =
                octets(name).orElseThrow(() -> new UnreadableVaultException("has no key derivation parameter " + name));
        ByteBuffer number = ByteBuffer.wrap(octets).order(ByteOrder.LITTLE_ENDIAN);
        return switch (octets.length) {
            case Integer.BYTES -> Integer.toUnsignedLong(number.getInt());
            case Long.BYTES -> number.getLong();
            default -> throw new UnreadableVaultException("has a malformed key derivation parameter " + name);
        };
    }
}
