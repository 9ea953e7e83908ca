// SPDX-License-Identifier: Apache-2.0
package org.postern.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every target with its corpus, and with a bounded number of variations of it, always the same. */
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CorpusTest {

    private static final int VARIATIONS = 2_000;
    private static final long SEED = 5321;

    private final Corpus corpus = new Corpus(Path.of("").toAbsolutePath());

    @ParameterizedTest
    @EnumSource
    void survivesEveryInputThatIsKept(Target target) throws Exception {
        assertThat(corpus.files(target)).hasSizeGreaterThan(2);
        for (byte[] input : corpus.inputs(target)) {
            attempt(target, input);
        }
    }

    @ParameterizedTest
    @EnumSource
    void survivesVariationsOfThem(Target target) throws Exception {
        Variations variations = new Variations(corpus.inputs(target), SEED);
        for (int i = 0; i < VARIATIONS; i++) {
            attempt(target, variations.next());
        }
    }

    @ParameterizedTest
    @EnumSource
    void survivesTheShortestInputs(Target target) throws Exception {
        attempt(target, new byte[0]);
        for (int octet = 0; octet < 256; octet++) {
            attempt(target, new byte[] {(byte) octet});
        }
    }

    private static void attempt(Target target, byte[] input) {
        try {
            target.runBounded(input);
        } catch (Exception | AssertionError | StackOverflowError finding) {
            String shown = Base64.getEncoder().encodeToString(input);
            throw new AssertionError(
                    target.label() + " fails; the input in base64: "
                            + (shown.length() <= 4096 ? shown : shown.substring(0, 4096) + "... of " + input.length),
                    finding);
        }
    }
}
