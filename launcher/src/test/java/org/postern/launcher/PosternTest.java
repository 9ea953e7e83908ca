// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PosternTest {

    @TempDir
    private Path directory;

    private Captured captured;

    @BeforeEach
    void capture() {
        captured = new Captured("");
    }

    private int run(String... arguments) {
        return new Postern(new Home(directory), captured.terminal(), Map.of()).run(arguments);
    }

    @Test
    void saysItsVersion() {
        assertThat(run("--version")).isZero();
        assertThat(captured.out()).startsWith("Postern " + BuildInfo.VERSION).contains("Java ");
        assertThat(BuildInfo.VERSION).matches("[0-9].*");
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo", "peer", "run", "send", "version"})
    void explainsEveryVerb(String verb) {
        assertThat(run(verb, "--help")).isZero();
        assertThat(captured.out()).contains("Usage: postern " + verb);
    }

    @Test
    void listsItsVerbsWithoutBeingAsked() {
        assertThat(run()).isEqualTo(ExitCode.USAGE);
        assertThat(captured.err()).contains("demo", "run", "send");
    }

    @Test
    void saysInTwoLinesWhatIsWrongWithTheCommandLine() {
        assertThat(run("run", "-c", "x.conf", "--bogus")).isEqualTo(ExitCode.USAGE);
        assertThat(captured.err().lines())
                .containsExactly("postern run: Unknown option: '--bogus'", "Try: postern run --help");
    }

    @Test
    void namesAVerbThatIsNotThere() {
        assertThat(run("frobnicate")).isEqualTo(ExitCode.USAGE);
        assertThat(captured.err())
                .contains("postern: there is no verb frobnicate")
                .endsWith("Try: postern --help\n");
    }

    @Test
    void suggestsTheVerbThatWasMeant() {
        assertThat(run("dmo")).isEqualTo(ExitCode.USAGE);
        assertThat(captured.err()).contains("Did you mean: postern demo");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--bogus", "--state", "--drain=soon", "--drain=-1"})
    void refusesWrongOptions(String option) {
        assertThat(run("run", "-c", "x.conf", option)).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void asksForTheConfiguration() {
        assertThat(run("run")).isEqualTo(ExitCode.USAGE);
        assertThat(captured.err()).contains("--config");
    }

    @Test
    void refusesAConfigurationThatIsMissing() {
        Path missing = directory.resolve("missing.conf");

        assertThat(run("run", "-c", missing.toString())).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(captured.err()).contains(missing + " is missing");
        assertThat(directory.resolve("state")).doesNotExist();
    }

    @Test
    void refusesAConfigurationThatIsADirectory() {
        assertThat(run("run", "-c", directory.toString())).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(captured.err()).contains("is no file");
    }

    @Test
    void refusesAStateDirectoryThatIsAFile() throws Exception {
        Path configuration = Files.writeString(directory.resolve("postern.conf"), "");
        Path file = Files.writeString(directory.resolve("state"), "");

        assertThat(run("run", "-c", configuration.toString())).isEqualTo(ExitCode.CANNOT_START);
        assertThat(captured.err())
                .contains(file + " cannot be made: a file is in its place")
                .hasLineCount(1);
    }

    @Test
    void refusesAStateDirectoryThatIsInUse() throws Exception {
        Path configuration = Files.writeString(directory.resolve("postern.conf"), "");
        InstanceLock lock = InstanceLock.take(directory.resolve("state"));
        try (lock) {
            assertThat(run("run", "-c", configuration.toString())).isEqualTo(ExitCode.CANNOT_START);
        }
        assertThat(captured.err()).contains("in use by another Postern");
    }

    @Test
    void saysThatTheHomeIsIncomplete() throws Exception {
        Path configuration = Files.writeString(directory.resolve("postern.conf"), "");

        assertThat(run("run", "-c", configuration.toString())).isEqualTo(ExitCode.CANNOT_START);
        assertThat(captured.err()).contains("system");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "19", "-1", "1000001", "many"})
    void refusesUnreasonableNumbersOfMessages(String number) {
        assertThat(run("demo", "--messages", number)).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void coloursOnlyTerminals() {
        Map<String, String> terminal = Map.of("TERM", "xterm");

        assertThat(Terminal.mayColour(terminal, true)).isTrue();
        assertThat(Terminal.mayColour(terminal, false)).isFalse();
        assertThat(Terminal.mayColour(Map.of("TERM", "xterm", "NO_COLOR", "1"), true))
                .isFalse();
        assertThat(Terminal.mayColour(Map.of("TERM", "xterm", "NO_COLOR", ""), true))
                .isTrue();
        assertThat(Terminal.mayColour(Map.of("TERM", "dumb"), true)).isFalse();
        assertThat(Terminal.mayColour(Map.of(), true)).isFalse();
    }
}
