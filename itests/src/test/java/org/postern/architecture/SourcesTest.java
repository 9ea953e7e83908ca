// SPDX-License-Identifier: Apache-2.0
package org.postern.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What can be seen only in the text of the sources. */
class SourcesTest {

    private static final String LICENCE = "SPDX-License-Identifier: Apache-2.0";
    private static final List<String> PLUG_INS = List.of(
            "auth.plain",
            "auth.login",
            "auth.oauth",
            "auth.jdk",
            "auth.scram",
            "config.store",
            "credential.file",
            "credential.hashicorp",
            "credential.jdbc",
            "credential.oauth",
            "credential.vault",
            "spool.local",
            "spool.postgresql",
            "intake.smtp",
            "policy.lua",
            "examples.anonymous",
            "examples.environment",
            "examples.header");

    private static List<Path> files(String folder, String suffix) throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path sources : EveryModule.folders(folder)) {
            try (Stream<Path> files = Files.walk(sources)) {
                files.filter(file -> file.toString().endsWith(suffix)).forEach(found::add);
            }
        }
        assertThat(found).isNotEmpty();
        return found;
    }

    @Test
    void everySourceNamesItsLicenceInItsFirstLine() throws IOException {
        for (Path file : files("src", ".java")) {
            assertThat(firstLine(file)).as(file.toString()).isEqualTo("// " + LICENCE);
        }
    }

    private static String firstLine(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.findFirst().orElse("");
        }
    }

    @Test
    void everyPomNamesItsLicence() throws IOException {
        for (Path module : EveryModule.folders("src")) {
            assertThat(module.resolveSibling("pom.xml")).content().contains(LICENCE);
        }
        assertThat(Path.of("../pom.xml")).content().contains(LICENCE);
    }

    @Test
    void everyPackageSaysWhatItIs() throws IOException {
        for (Path file : files("src/main/java", ".java")) {
            Path description = file.resolveSibling("package-info.java");
            assertThat(description).exists().content().contains("/**");
        }
    }

    // A plug-in that the engine knows by name is none.
    @Test
    void theEngineNamesNoPlugInNotEvenInAString() throws IOException {
        for (Path file : files("src/main/java", ".java")) {
            if (file.toString().contains("/core/src/")) {
                for (String plugIn : PLUG_INS) {
                    assertThat(file).content().doesNotContain("postern." + plugIn, plugIn.replace('.', '-'));
                }
            }
        }
    }

    @Test
    void nothingReadsTheCurrentDirectory() throws IOException {
        for (Path file : files("src/main/java", ".java")) {
            assertThat(file).content().doesNotContain("\"user.dir\"", "Path.of(\"\")", "new File(\".\")");
        }
    }
}
