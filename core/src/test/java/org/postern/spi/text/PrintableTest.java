// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrintableTest {

    private static final String ESCAPE = "\u001b";
    private static final String RIGHT_TO_LEFT = "\u202e";

    @Test
    void leavesWhatIsHarmless() {
        assertThat(Printable.of("")).isEmpty();
        assertThat(Printable.of("relay-1 of Zoë at 例え.jp 📮 \"x\" \\"))
                .isEqualTo("relay-1 of Zoë at 例え.jp 📮 \"x\" \\");
    }

    @Test
    void showsWhatATerminalWouldObey() {
        assertThat(Printable.of(ESCAPE + "[2J a\r\nb\0c" + RIGHT_TO_LEFT + "d\u2028e\u0085f"))
                .isEqualTo("\\u001b[2J a\\u000d\\u000ab\\u0000c\\u202ed\\u2028e\\u0085f");
    }

    @Test
    void showsHalvesOfCharactersAndInvisibleOnesOfOtherPlanes() {
        assertThat(Printable.of("a\ud83db")).isEqualTo("a\\ud83db");
        assertThat(Printable.of("a" + Character.toString(0xe0041))).isEqualTo("a\\udb40\\udc41");
    }

    @Test
    void cutsOffBetweenCharactersAndSaysSo() {
        String full = "📮".repeat(Printable.LONGEST);
        assertThat(Printable.of(full)).isEqualTo(full);
        assertThat(Printable.of(full + "x")).isEqualTo(full + "…");
        assertThat(Printable.quoted(full + "x")).isEqualTo('"' + full + "…\"");
        assertThat(Printable.whole(full + "x")).isEqualTo(full + "x");
    }

    @Test
    void writesStringsOfJson() {
        assertThat(Printable.json("say \"hi\\\"\n")).isEqualTo("\"say \\\"hi\\\\\\\"\\u000a\"");
    }
}
