// SPDX-License-Identifier: Apache-2.0
package org.postern.core.scope;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequiredTextTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "example; example",
                "^mail[.]example\\.com$; example.com",
                "(?:^|[.])pattern7[.](?:com|net)$; pattern7",
                "colou?r; colo",
                "ab+c; ab",
                "ab{0,2}cde; cde",
                "a*; ''",
                "one|other; ''",
                "(one|other)[.]net; net",
                "(?i)example; ''",
                "ex\\Qample\\E; ''",
                "\\x41bc; ''",
                "\\d\\d-host; -host",
                "[[a]b]cd; ''",
                "[]a]bc; ''",
                "(a[)]b)cd; cd",
                "bücher; ''",
            })
    void isTheLongestRunOutsideGroupsThatMustOccur(String pattern, String text) {
        assertThat(RequiredText.of(Pattern.compile(pattern))).isEqualTo(text);
    }

    @Test
    void isInLowerCaseWhereCaseDoesNotCount() {
        assertThat(RequiredText.of(Pattern.compile("Example", Pattern.CASE_INSENSITIVE)))
                .isEqualTo("example");
    }

    @Test
    void isEmptyWhereFlagsChangeTheReading() {
        assertThat(RequiredText.of(Pattern.compile("a b", Pattern.COMMENTS))).isEmpty();
    }

    @Test
    void occursInWhateverTheSamePatternMatches() {
        Random random = new Random(7);
        int found = 0;
        int demanding = 0;
        for (int round = 0; round < 200_000; round++) {
            String written = draw(random, "aabb.-\\[]()|?*+{}1,^$:dQE&", 1 + random.nextInt(9));
            Pattern pattern;
            try {
                pattern = Pattern.compile(written);
            } catch (PatternSyntaxException unreadable) {
                continue;
            }
            String required = RequiredText.of(pattern);
            demanding += required.isEmpty() ? 0 : 1;
            String name = draw(random, "ab.-1", random.nextInt(12));
            Matcher matcher = pattern.matcher(name);
            if (matcher.find()) {
                found++;
                assertThat(name).as("pattern %s", written).contains(required);
            }
        }
        assertThat(found).isGreaterThan(1_000);
        assertThat(demanding).isGreaterThan(1_000);
    }

    private static String draw(Random random, String from, int length) {
        return random.ints(length, 0, from.length())
                .collect(StringBuilder::new, (text, at) -> text.append(from.charAt(at)), StringBuilder::append)
                .toString();
    }
}
