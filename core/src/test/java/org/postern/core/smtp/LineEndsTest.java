// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class LineEndsTest {

    /** What is hard to tell from CR and LF in a sum of eight octets. */
    private static final byte[] OCTETS = {'\r', '\n', 0, 1, 9, 11, 12, 14, 'x', 127, -128, -118, -115, -1};

    @Test
    void findsTheFirstEndWhateverIsAroundIt() {
        Random random = new Random(20_261_127);
        for (int i = 0; i < 20_000; i++) {
            byte[] octets = new byte[random.nextInt(40)];
            int rare = 1 + random.nextInt(20);
            for (int at = 0; at < octets.length; at++) {
                octets[at] =
                        OCTETS[random.nextInt(rare) == 0 ? random.nextInt(2) : 2 + random.nextInt(OCTETS.length - 2)];
            }
            int from = random.nextInt(octets.length + 1);
            int to = from + random.nextInt(octets.length + 1 - from);
            assertThat(LineEnds.next(octets, from, to)).isEqualTo(octetByOctet(octets, from, to));
        }
    }

    private static int octetByOctet(byte[] octets, int from, int to) {
        for (int at = from; at < to; at++) {
            if (octets[at] == '\r' || octets[at] == '\n') {
                return at;
            }
        }
        return to;
    }
}
