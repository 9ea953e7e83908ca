// SPDX-License-Identifier: Apache-2.0
package org.postern.core.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PackedOutputTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private Round.Summary unpack(byte[] packed) throws Exception {
        return PackedOutput.unpack(new ByteArrayInputStream(packed), out, err);
    }

    @Test
    void whatIsPrintedComesBackAsItWas() throws Exception {
        PackedOutput packed = new PackedOutput(1_000);
        packed.out().println("grüß\u0000\r\n");
        packed.err().print("x");
        packed.out().print("y");
        Round.Summary summary = unpack(packed.finish(new VerbResult(2, Set.of("ä\u0000", ""))));
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("grüß\u0000\r\n" + System.lineSeparator() + "y");
        assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("x");
        assertThat(summary).isEqualTo(new Round.Summary(new VerbResult(2, Set.of("ä\u0000", "")), false));
    }

    @Test
    void whatIsTooMuchIsLeftOutAndHasFailed() throws Exception {
        byte[] random = new byte[1_000_000];
        new Random(1).nextBytes(random);
        PackedOutput packed = new PackedOutput(100_000);
        packed.out().write(random, 0, random.length);
        packed.err().print("an error all the same");
        byte[] octets = packed.finish(VerbResult.of(0));
        assertThat(octets.length).isLessThan(200_000);
        assertThat(unpack(octets)).isEqualTo(new Round.Summary(VerbResult.of(1), true));
        assertThat(out.size()).isBetween(100_000, 200_000);
        assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("an error all the same");
    }

    @Test
    void tooManyErrorsAreLeftOutToo() throws Exception {
        PackedOutput packed = new PackedOutput(1_000);
        packed.err().print("e".repeat(1_000_000));
        packed.out().print("a result all the same");
        assertThat(unpack(packed.finish(VerbResult.of(0))).cut()).isTrue();
        assertThat(err.size()).isLessThan(100_000);
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("a result all the same");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 7, 20})
    void whatIsCutOffOnItsWayIsNoAnswer(int length) {
        PackedOutput packed = new PackedOutput(1_000);
        packed.out().print("some result, and another");
        byte[] whole = packed.finish(VerbResult.of(0));
        assertThatIOException().isThrownBy(() -> unpack(java.util.Arrays.copyOf(whole, length)));
    }
}
