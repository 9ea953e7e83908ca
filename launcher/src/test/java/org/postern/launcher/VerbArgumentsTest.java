// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VerbArgumentsTest {

    private static VerbArguments split(boolean configured, String... words) {
        return VerbArguments.split(List.of(words), configured);
    }

    @Test
    void takesOutWhereTheVerbIsToRun() {
        assertThat(split(true, "a", "--instance", "s", "-x", "-c=1"))
                .isEqualTo(new VerbArguments(Optional.of(Path.of("s")), Optional.empty(), List.of("a", "-x", "-c=1")));
        assertThat(split(true, "--instance=s", "-c", "f", "b").configuration()).contains(Path.of("f"));
        assertThat(split(true, "--config=f").configuration()).contains(Path.of("f"));
    }

    @Test
    void leavesTheConfigurationToBundlesThatReadItThemselves() {
        assertThat(split(false, "-c", "f"))
                .isEqualTo(new VerbArguments(Optional.empty(), Optional.empty(), List.of("-c", "f")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--instance", "--instance=", "-c", "--config="})
    void asksForAValueThatIsMissing(String word) {
        assertThatThrownBy(() -> split(true, word))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("needs a value");
    }

    @Test
    void printsNoEmphasisWhereNobodySeesIt() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream target = new PrintStream(out, true, UTF_8);
        PlainOutput.of(target, false).print("\u001b[1mbold\u001b[0m, \u001b[38;5;12mblue\u001b[0m, grün");
        assertThat(out.toString(UTF_8)).isEqualTo("bold, blue, grün");
        assertThat(PlainOutput.of(target, true)).isSameAs(target);
    }

    @Test
    void leavesProgressToTerminals() {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        PrintStream target = new PrintStream(octets, true, UTF_8);
        PrintStream plain = PlainOutput.of(target, false);
        plain.print("before\r\n");
        plain.print("\rhold: 1 of 3\u001b[K");
        plain.print("\r\u001b[K");
        plain.print("done, \u001b[1m3\u001b[0m\n\rnever erased\nafter");
        assertThat(octets.toString(UTF_8)).isEqualTo("before\r\ndone, 3\nafter");
    }
}
