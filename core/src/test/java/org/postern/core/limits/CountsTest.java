// SPDX-License-Identifier: Apache-2.0
package org.postern.core.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.postern.spi.cluster.SharedRegisters;

class CountsTest {

    private static final CredentialLimits ALL = CredentialLimits.of(List.of(
            "logins=9999999/s",
            "logins=9999999/m",
            "logins=9999999/h",
            "logins=9999999/d",
            "messages=9999999/s",
            "messages=9999999/m",
            "messages=9999999/h",
            "messages=9999999/d",
            "recipients=9999999/s",
            "recipients=9999999/m",
            "recipients=9999999/h",
            "recipients=9999999/d"));

    private static final Map<Counted, Long> ONE_OF_EACH =
            Map.of(Counted.LOGINS, 1L, Counted.MESSAGES, 2L, Counted.RECIPIENTS, 3L);

    private final Instant begin = Instant.parse("2026-03-01T12:00:00Z");

    @Test
    void areReadAsTheyWereWrittenAndFitIntoARegisterHoweverManyThereAre() throws Exception {
        Counts counts = new Counts(true);
        Random random = new Random(1);
        Instant now = begin;
        while (now.isBefore(begin.plus(Duration.ofHours(25)))) {
            counts.add(ALL, ONE_OF_EACH, now);
            now = now.plusMillis(random.nextInt(20_000));
        }
        for (int i = 0; i < 2_000; i++) {
            now = now.plusMillis(random.nextInt(60));
            counts.add(ALL, ONE_OF_EACH, now);
        }
        byte[] value = counts.encoded(now);
        assertThat(value.length).isLessThan(SharedRegisters.LONGEST_VALUE);
        Counts read = Counts.decoded(value);
        for (Rate rate : ALL.rates()) {
            assertThat(read.used(rate, now))
                    .as("%s", rate)
                    .isEqualTo(counts.used(rate, now))
                    .isPositive();
        }
    }

    @Test
    void ofAnotherFormAreRefused() {
        Counts counts = new Counts(true);
        counts.add(ALL, ONE_OF_EACH, begin);
        byte[] good = counts.encoded(begin);
        for (int length = 0; length < good.length; length++) {
            byte[] cut = Arrays.copyOf(good, length);
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> Counts.decoded(cut));
        }
        for (int at : new int[] {0, 1, 2, 3}) {
            byte[] bad = good.clone();
            bad[at] = (byte) 0x85;
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> Counts.decoded(bad));
        }
    }
}
