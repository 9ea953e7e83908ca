// SPDX-License-Identifier: Apache-2.0
package org.postern.core.scope;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TextIndexTest {

    @Test
    void findsOnlyTextsThatANameMayContain() {
        TextIndex index = new TextIndex(List.of("customer", "example.com", "", "mx", "customs"));
        assertThat(index.candidates("mail.example.com").stream()).containsExactly(1, 2, 3);
        assertThat(index.candidates("ab").stream()).containsExactly(2, 3);
        assertThat(index.candidates("").stream()).containsExactly(2, 3);
    }

    @Test
    void answersNothingWhereNothingIsLookedFor() {
        assertThat(new TextIndex(List.of()).candidates("example.com").isEmpty()).isTrue();
    }

    @Test
    void tellsTextsApartThatHaveMostOfTheirCharactersInCommon() {
        TextIndex index = new TextIndex(IntStream.range(0, 100)
                .mapToObj(number -> "customer" + number + "x")
                .toList());
        assertThat(index.candidates("customer42x.example").stream())
                .contains(42)
                .hasSizeLessThan(10);
    }

    @Test
    void missesNoTextThatANameContains() {
        Random random = new Random(5);
        int contained = 0;
        for (int round = 0; round < 2_000; round++) {
            List<String> texts = IntStream.range(0, random.nextInt(20))
                    .mapToObj(ignored -> draw(random, 6))
                    .toList();
            TextIndex index = new TextIndex(texts);
            String name = draw(random, 30);
            int[] expected = IntStream.range(0, texts.size())
                    .filter(number -> name.contains(texts.get(number)))
                    .toArray();
            contained += expected.length;
            assertThat(index.candidates(name).stream().boxed())
                    .as("%s in %s", texts, name)
                    .containsAll(IntStream.of(expected).boxed().toList());
        }
        assertThat(contained).isGreaterThan(1_000);
    }

    @Test
    void forgetsOneNameBeforeTheNext() {
        TextIndex index = new TextIndex(List.of("example", "customer", "mx"));
        assertThat(index.candidates("example").stream()).containsExactly(0, 2);
        assertThat(index.candidates("customer").stream()).containsExactly(1, 2);
        assertThat(index.candidates("other").stream()).containsExactly(2);
    }

    private static String draw(Random random, int most) {
        return random.ints(random.nextInt(most + 1), 0, 4)
                .collect(StringBuilder::new, (text, at) -> text.append("ab.ü".charAt(at)), StringBuilder::append)
                .toString();
    }
}
