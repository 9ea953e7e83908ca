// SPDX-License-Identifier: Apache-2.0
package org.postern.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DialogueReaderTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X: what",
                "S: half \\",
                "S: \\q",
                "S: \\x1",
                "S: \\xzz",
                "S: 334 <b64 Username>",
                "starttls",
                "starttls perfect",
                "starttls good refused twice",
                "dribble 0/1ms S: x",
                "dribble 1/1ms C: x",
                "repeat x S: y",
                "repeat 2 close",
                "--- connection 3",
                "--- intermission",
                "pause 5",
                "closed",
            })
    void namesTheLineThatIsNoDialogue(String line) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DialogueReader.read("bad.dialogue", "S: 220 mx\n\n" + line + "\n"))
                .withMessageStartingWith("bad.dialogue:3: ");
    }

    @Test
    void refusesAnEmptyDialogue() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DialogueReader.read("empty.dialogue", "\n# nothing\n"))
                .withMessageContaining("no dialogue");
    }

    @Test
    void tellsAnEscapedStarFromAWildcard() {
        assertThat(WireText.pattern("\\*").matcher("*").matches()).isTrue();
        assertThat(WireText.pattern("\\*").matcher("x").matches()).isFalse();
        assertThat(WireText.pattern("a*b").matcher("a.[b").matches()).isTrue();
        assertThat(WireText.pattern("a.b").matcher("axb").matches()).isFalse();
    }

    @Test
    void readsNonAsciiAsUtf8() {
        assertThat(WireText.octets("grüße 𝄞")).isEqualTo("grüße 𝄞".getBytes(StandardCharsets.UTF_8));
        String wire = new String("grüße".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        assertThat(WireText.pattern("gr*e").matcher(wire).matches()).isTrue();
        assertThat(WireText.pattern("grüße").matcher(wire).matches()).isTrue();
    }

    @Test
    void showsOctetsAsTheyWouldBeWritten() {
        assertThat(WireText.show("a\0\r\n\\ü".getBytes(StandardCharsets.UTF_8))).isEqualTo("a\\0\\r\\n\\\\ü");
        assertThat(WireText.show(new byte[] {'a', (byte) 0xff})).isEqualTo("a\\xff");
        assertThat(WireText.octets(WireText.show(new byte[] {1, (byte) 0xff, '\\'})))
                .isEqualTo(new byte[] {1, (byte) 0xff, '\\'});
    }
}
