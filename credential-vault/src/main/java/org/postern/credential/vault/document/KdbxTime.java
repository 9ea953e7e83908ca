// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault.document;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;

/** Points in time as a vault writes them: seconds since the year 1 in base64, or ISO 8601 as older tools do. */
final class KdbxTime {

    private static final long SECONDS_BEFORE_1970 = 62_135_596_800L;

    private KdbxTime() {}

    static String write(Instant time) {
        byte[] octets = ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(time.getEpochSecond() + SECONDS_BEFORE_1970)
                .array();
        return Base64.getEncoder().encodeToString(octets);
    }

    /** Nothing where the text is no time. */
    static Optional<Instant> read(String text) {
        try {
            if (text.contains("-") && text.contains(":")) {
                return Optional.of(Instant.parse(text));
            }
            byte[] octets = Base64.getDecoder().decode(text);
            return octets.length == Long.BYTES ? Optional.of(ofSeconds(octets)) : Optional.empty();
        } catch (IllegalArgumentException | DateTimeException noTime) {
            return Optional.empty();
        }
    }

    private static Instant ofSeconds(byte[] octets) {
        long seconds = ByteBuffer.wrap(octets).order(ByteOrder.LITTLE_ENDIAN).getLong();
        return Instant.ofEpochSecond(seconds).minusSeconds(SECONDS_BEFORE_1970);
    }
}
