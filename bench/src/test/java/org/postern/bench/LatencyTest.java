// SPDX-License-Identifier: Apache-2.0
package org.postern.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LatencyTest {

    private static final long MILLI = 1_000_000;

    @Test
    void isTheMiddleAndTheSlowestOfAHundred() {
        long[] delivered =
                LongStream.rangeClosed(1, 200).map(n -> 7 + n * MILLI).toArray();
        assertThat(Latency.of(LongStream.generate(() -> 7).limit(200).toArray(), delivered))
                .isEqualTo(new Latency(100, 198));
    }

    @Test
    void leavesOutWhatDidNotCome() {
        assertThat(Latency.of(new long[] {5, 5, 5}, new long[] {0, 5 + MILLI, 0}))
                .isEqualTo(new Latency(1, 1));
    }

    @Test
    void isNoTimeWhereTheMessageCameBeforeTheReply() {
        assertThat(Latency.of(new long[] {9}, new long[] {5})).isEqualTo(new Latency(0, 0));
    }

    @Test
    void isUnknownWhereNothingCame() {
        assertThat(Latency.of(new long[1], new long[1]).medianMillis()).isNaN();
    }
}
