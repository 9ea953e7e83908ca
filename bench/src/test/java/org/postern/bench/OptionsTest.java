// SPDX-License-Identifier: Apache-2.0
package org.postern.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class OptionsTest {

    @Test
    void measuresOneAndTwentyConnectionsUnlessToldOtherwise() {
        assertThat(parsed().cases()).containsExactly(new Case(1, 1000, 4096), new Case(20, 5000, 4096));
    }

    @Test
    void takesAListOfConnections() {
        assertThat(parsed("--connections", "2,8", "--messages", "100", "--octets", "600")
                        .cases())
                .containsExactly(new Case(2, 100, 600), new Case(8, 100, 600));
    }

    @Test
    void namesEveryOptionThatIsTooSmall() {
        Options options = parsed("--rounds", "0", "--messages", "9", "--warm-up", "-1", "--connections", "0");
        assertThat(options.problems())
                .containsExactly(
                        "--rounds must be at least 1",
                        "--messages must be at least 10",
                        "--warm-up must be at least 0",
                        "--connections must be at least 1");
    }

    @Test
    void wantsEveryMarkUnlessSomeAreNamed() {
        assertThat(parsed().marks()).isFalse();
        assertThat(parsed("--marks").wants(List.of(3))).isTrue();
        assertThat(parsed("--only-mark", "3,5").marks()).isTrue();
        assertThat(parsed("--only-mark", "3,5").wants(List.of(1, 5))).isTrue();
        assertThat(parsed("--only-mark", "3,5").wants(List.of(1, 6))).isFalse();
    }

    @Test
    void refusesAMarkThatIsNotThere() {
        assertThat(parsed("--only-mark", "0,99").problems())
                .containsExactly("there is no mark 0: they are 1 to 8", "there is no mark 99: they are 1 to 8");
    }

    @Test
    void takesTheNameOfARelayInAnyCase() {
        assertThat(parsed("--only", "postern").only).isEqualTo(Options.Only.POSTERN);
        assertThat(parsed("--beside", "exim").beside).isEqualTo(Options.Rival.EXIM);
        assertThat(parsed("--beside", "haraka").beside).isEqualTo(Options.Rival.HARAKA);
        assertThat(parsed().beside).isEqualTo(Options.Rival.POSTFIX);
    }

    @Test
    void refusesAWrongNumberBeforeAnythingIsStarted() {
        StringWriter errors = new StringWriter();
        int code = new CommandLine(new Bench())
                .setErr(new PrintWriter(errors, true))
                .execute("--rounds", "0");
        assertThat(code).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(errors.toString()).contains("--rounds must be at least 1");
    }

    private static Options parsed(String... arguments) {
        Options options = new Options();
        new CommandLine(CommandLine.Model.CommandSpec.create().addMixin("options", spec(options)))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .parseArgs(arguments);
        return options;
    }

    private static CommandLine.Model.CommandSpec spec(Options options) {
        return CommandLine.Model.CommandSpec.forAnnotatedObject(options);
    }
}
