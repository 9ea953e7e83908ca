// SPDX-License-Identifier: Apache-2.0
package org.postern.core.cluster;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.postern.spi.cluster.RegisterName;

/**
 * How far the answer of one relay is. It is put anew every second while the relay works, which is its sign of life, and for the
 * last time when all parts of what it has to say are there.
 *
 * @param done whether it is complete
 * @param parts in how many registers
 */
record AnswerHead(boolean done, int parts) {

    static final String TOPIC = "answer";

    /** Longer than any verb lets its operator wait. */
    static final Duration LIFE = Duration.ofHours(2);

    static final AnswerHead WORKING = new AnswerHead(false, 0);

    private static final int MOST_PARTS = 1_000;

    static String name(String question, String relay) {
        return RegisterName.of(question, relay);
    }

    static String partName(String question, String relay, int part) {
        return RegisterName.of(question, relay, Integer.toString(part));
    }

    byte[] encoded() {
        return ByteBuffer.allocate(1 + Integer.BYTES)
                .put((byte) (done ? 1 : 0))
                .putInt(parts)
                .array();
    }

    /** @throws IOException if it is nothing that a relay puts */
    static AnswerHead decoded(byte[] value) throws IOException {
        if (value.length != 1 + Integer.BYTES) {
            throw new IOException("an answer of another version");
        }
        ByteBuffer octets = ByteBuffer.wrap(value);
        boolean done = octets.get() != 0;
        int parts = octets.getInt();
        if (parts < 0 || parts > MOST_PARTS) {
            throw new IOException("an answer in " + parts + " parts");
        }
        return new AnswerHead(done, parts);
    }
}
