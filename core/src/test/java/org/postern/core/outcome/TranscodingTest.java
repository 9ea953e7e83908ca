// SPDX-License-Identifier: Apache-2.0
package org.postern.core.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postern.spi.mail.SmtpReply;

@Timeout(60)
class TranscodingTest {

    private static Transcoding taking(String pattern, String replacement) {
        return new Transcoding(List.of(Pattern.compile(pattern)), replacement);
    }

    private static String taken(Transcoding transcoding, int code, String... lines) {
        return transcoding.apply(new SmtpReply(code, List.of(lines))).toString();
    }

    @ParameterizedTest
    @CsvSource({
        "'^454 (.*)$',           '554 $1',          454 a b, 554 a b",
        "'a',                    '554 $0$0 $2',     454 cat, '554 aa '",
        "'(x)?454',              '554 [$1]',        454 y,   554 []",
        "'^.*$',                 '$0',              454 y,   454 y",
        "'^(...)',               '$1 other',        454 y,   454 other",
        "'user (\\$1|\\\\)',     '554 $1',          '454 user $1', '554 $1'"
    })
    void putsWhatWasFoundIntoTheReplacement(String pattern, String replacement, String said, String meant) {
        assertThat(taken(taking(pattern, replacement), Integer.parseInt(said.substring(0, 3)), said.substring(4)))
                .isEqualTo(meant);
    }

    @Test
    void searchesAllLinesOfAReply() {
        assertThat(taken(taking("one / two", "550 found"), 451, "one", "two")).isEqualTo("550 found");
    }

    @Test
    void triesOnePatternAfterTheOther() {
        Transcoding several = new Transcoding(List.of(Pattern.compile("no"), Pattern.compile("4(.*)")), "554 $0");
        assertThat(taken(several, 451, "yes")).isEqualTo("554 451 yes");
    }

    @ParameterizedTest
    @CsvSource({"200", "250", "354"})
    void makesNoFailureOfASuccess(int code) {
        assertThat(taken(taking(".", "554 x"), code, "y")).isEqualTo(code + " y");
    }

    @ParameterizedTest
    @CsvSource({"250 fine", "$9", "$1 x", "45 x", "6$0"})
    void leavesAReplyAsItIsWhereTheResultIsNoRefusal(String replacement) {
        assertThat(taken(taking("(y)", replacement), 550, "y")).isEqualTo("550 y");
    }

    @Test
    void givesUpOnAPatternThatRunsAway() {
        assertThat(taken(taking("(a+)+$", "450 later"), 550, "a".repeat(500) + "!"))
                .startsWith("550 a");
    }
}
