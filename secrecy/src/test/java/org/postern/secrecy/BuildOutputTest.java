// SPDX-License-Identifier: Apache-2.0
package org.postern.secrecy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.testkit.Canaries;

class BuildOutputTest {

    private static final String SECRET = "not-for-anybody";
    private static final String RESPONSE = Base64.getEncoder().encodeToString(("\0alice\0" + SECRET).getBytes(UTF_8));

    @TempDir
    Path root;

    private final Canaries canaries = new Canaries().watch("planted", SECRET.getBytes(UTF_8));

    @BeforeEach
    void module() throws IOException {
        write("pom.xml", "");
        write("core/pom.xml", "");
        write("examples/hook/pom.xml", "");
    }

    private void write(String file, String content) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, content);
    }

    private BuildOutput search() throws IOException {
        return BuildOutput.search(root, canaries);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "core/target/surefire-reports/TEST-org.example.SomeTest.xml",
                "core/target/surefire-reports/org.example.SomeTest-output.txt",
                "core/target/instance1/transcript",
                "core/target/instance1/spool/0000000000000001.segment",
                "core/target/instance1/state/audit.log",
                "core/target/instance1/postern.conf.backup",
                "core/target/cache/bundle7/data/file",
                "examples/hook/target/failsafe-reports/TEST-x.xml",
                "examples/hook/target/test.log",
            })
    void condemnsASecretWhereverItWasWritten(String file) throws IOException {
        write(file, "C: AUTH PLAIN " + RESPONSE + "\r\n");
        assertThat(search().leaks())
                .isNotEmpty()
                .allMatch(leak -> leak.startsWith(file + ": planted (") && leak.endsWith("base64 at 1)"))
                .noneMatch(leak -> leak.contains(SECRET) || leak.contains(RESPONSE));
    }

    @Test
    void condemnsASecretInTheNameOfAFile() throws IOException {
        write("core/target/" + SECRET, "nothing");
        assertThat(search().leaks())
                .contains("core/target: name of a file: planted (raw)")
                .noneMatch(leak -> leak.contains(SECRET));
    }

    @Test
    void leavesOutWhereSecretsBelongAndSaysWhereThatIs() throws IOException {
        write("core/target/instance1/postern.conf", SECRET);
        write("core/target/instance1/secrets/deep/relay", SECRET);
        write("core/target/instance1/accounts.db", SECRET);
        write("core/target/classes/org/example/Some.class", SECRET);
        write("core/target/test-classes/org/example/SomeTest.class", SECRET);
        write("core/src/test/java/org/example/SomeTest.java", SECRET);
        write("core/target/home/classes/postern.conf", "nothing");
        BuildOutput found = search();
        assertThat(found.leaks()).isEmpty();
        assertThat(found.secretPlaces()).hasSize(3);
        assertThat(found.searched()).isEqualTo(1);
    }

    @Test
    void leavesOutWhatATestSaysOfItsOwnFailureAndNothingElseOfTheReport() throws IOException {
        String report = "core/target/surefire-reports/TEST-org.example.SomeTest.xml";
        String failure = "<testcase><flakyFailure message=\"x\">expected " + SECRET + "\n</flakyFailure></testcase>";
        write(report, failure + "<system-out>well</system-out>");
        assertThat(search().leaks()).isEmpty();
        write(report, failure + "<system-out>" + SECRET + "</system-out>" + failure);
        assertThat(search().leaks()).contains(report + ": planted (raw)");
    }
}
