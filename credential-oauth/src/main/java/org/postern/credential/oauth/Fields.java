// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.oauth;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How the value of a register is written: fields one after another, each behind the number of its octets. */
final class Fields {

    private Fields() {}

    static byte[] write(List<byte[]> fields) {
        int length =
                fields.stream().mapToInt(field -> Integer.BYTES + field.length).sum();
        ByteBuffer all = ByteBuffer.allocate(length);
        fields.forEach(field -> all.putInt(field.length).put(field));
        return all.array();
    }

    /** @return nothing if it was not written so */
    static Optional<List<byte[]>> read(byte[] octets) {
        ByteBuffer all = ByteBuffer.wrap(octets);
        List<byte[]> fields = new ArrayList<>();
        while (all.remaining() >= Integer.BYTES) {
            int length = all.getInt();
            if (length < 0 || length > all.remaining()) {
                return Optional.empty();
            }
            byte[] field = new byte[length];
            all.get(field);
            fields.add(field);
        }
        return all.hasRemaining() ? Optional.empty() : Optional.of(fields);
    }
}
