// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.spi.settings.StanzaCheck;
import org.postern.spi.settings.StanzaCheck.Finding;
import org.postern.testkit.StanzaCheckContract;

/** What a check says about scripts before they are in force. */
class ScriptletCheckTest implements StanzaCheckContract {

    @TempDir
    Path folder;

    private Map<String, Object> stanza(String... sources) {
        Map<String, Object> properties = new java.util.HashMap<>();
        properties.put("postern.config.directory", folder.toString());
        properties.put("script", sources);
        for (String source : sources) {
            properties.put("script/" + source + "/source", source);
        }
        return properties;
    }

    @Override
    public StanzaCheck check() {
        return new ScriptletCheck();
    }

    @Override
    public Map<String, Object> right() throws IOException {
        Files.writeString(folder.resolve("right.lua"), "x = 1");
        return stanza("right");
    }

    @Override
    public Map<String, Object> wrong() throws IOException {
        Files.writeString(folder.resolve("wrong.lua"), "x = = 2");
        return stanza("wrong", "missing");
    }

    @Test
    void findsNothingWrongWithScriptsThatAreRight() throws IOException {
        Files.createDirectories(folder.resolve("scriptlets/deep"));
        Files.writeString(folder.resolve("scriptlets/deep/right.lua"), "error('only when it is run')");
        assertThat(new ScriptletCheck().check(stanza("deep.right", "deep/right")))
                .isEmpty();
    }

    @Test
    void saysFileAndLineOfEachScriptThatIsWrong() throws IOException {
        Files.writeString(folder.resolve("one.lua"), "x = 1\nx = = 2");
        Files.writeString(folder.resolve("two.lua"), "\n\nreturn return");
        assertThat(new ScriptletCheck().check(stanza("one", "two", "three")))
                .extracting(Finding::toString)
                .satisfiesExactly(
                        one -> assertThat(one)
                                .isEqualTo(folder + "/one.lua:2: error: script \"one\": unexpected symbol near '='"),
                        two -> assertThat(two)
                                .isEqualTo(
                                        folder + "/two.lua:3: error: script \"two\": unexpected symbol near 'return'"),
                        three -> assertThat(three)
                                .startsWith("error: script \"three\": source \"three\" is not found; looked for"));
    }

    @Test
    void refusesSourcesThatAreNoNames() {
        assertThat(new ScriptletCheck().check(stanza("", "..", "../x", "a..b", "/etc/passwd", "a b", "x\n", "%00")))
                .hasSize(8)
                .allSatisfy(finding -> assertThat(finding.text()).contains("is neither a name"));
    }

    @Test
    void refusesCompiledScriptsAndHugeOnes() throws IOException {
        Files.write(folder.resolve("compiled.lua"), new byte[] {0x1B, 'L', 'u', 'a', 0x51});
        Files.write(folder.resolve("huge.lua"), new byte[(1 << 20) + 1]);
        assertThat(new ScriptletCheck().check(stanza("compiled", "huge")))
                .extracting(Finding::toString)
                .satisfiesExactly(
                        compiled -> assertThat(compiled).contains("compiled.lua:1: error: ", "not accepted"),
                        huge -> assertThat(huge).contains("larger than 1048576 octets"));
    }
}
