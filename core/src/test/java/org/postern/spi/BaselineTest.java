// SPDX-License-Identifier: Apache-2.0
package org.postern.spi;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Whether the versions of the exported packages say what changed in them since the baseline. */
class BaselineTest {

    private static final Path CLASSES = Path.of("target", "classes");
    private static final Path RECORDED = Path.of("src", "test", "baseline");

    private static Baseline now;

    @TempDir
    private Path folder;

    @BeforeAll
    static void look() throws Exception {
        // bnd notes each class that it reads.
        ((Logger) LoggerFactory.getLogger("aQute")).setLevel(Level.WARN);
        now = Baseline.ofClasses(CLASSES);
    }

    /** The packages of this build, with one that was not raised refused even where the baseline is to be written anew. */
    @Test
    void everyPackageHasAVersionThatSaysWhatChanged() throws Exception {
        assertThat(now.packages()).containsKeys("org.postern.spi.sasl", "org.postern.spi.credential");
        if (Files.isDirectory(RECORDED)) {
            assertThat(now.shortcomingsAfter(Baseline.read(RECORDED)))
                    .as("raise @Version in package-info.java, then run ./dev baseline")
                    .isEmpty();
        }
        if ("write".equals(System.getProperty("postern.baseline"))) {
            now.write(RECORDED);
        }
        assertThat(Baseline.read(RECORDED).packages().keySet())
                .as("packages of the baseline; a new one is noted by ./dev baseline")
                .isEqualTo(now.packages().keySet());
    }

    /** A package as it is now, after one of which the baseline lacked these lines or had these more. */
    private List<String> shortcomingsAfter(String name, String removed, String added) throws Exception {
        now.write(folder);
        Path file = folder.resolve(name + ".api");
        List<String> lines = new ArrayList<>();
        int skipDeeperThan = Integer.MAX_VALUE;
        for (String line : Files.readAllLines(file)) {
            int depth = line.length() - line.stripLeading().length();
            if (depth > skipDeeperThan) {
                continue;
            }
            skipDeeperThan = Integer.MAX_VALUE;
            if (!removed.isEmpty() && line.contains(removed)) {
                skipDeeperThan = depth;
                continue;
            }
            lines.add(line);
            if (!added.isEmpty() && line.contains(" " + added.substring(0, added.indexOf('|')))) {
                lines.add(" ".repeat(depth + 1) + added.substring(added.indexOf('|') + 1));
            }
        }
        assertThat(lines).as("the change took place").isNotEqualTo(Files.readAllLines(file));
        Files.write(file, lines);
        return now.shortcomingsAfter(Baseline.read(folder));
    }

    @Test
    void findsNothingWhereNothingChanged() throws Exception {
        now.write(folder);
        assertThat(now.shortcomingsAfter(Baseline.read(folder))).isEmpty();
    }

    @Test
    void wantsAMajorVersionForAMethodThatPlugInsHaveToImplement() throws Exception {
        assertThat(shortcomingsAfter("org.postern.spi.sasl", "respond(org.postern.spi.credential.Octets)", ""))
                .singleElement()
                .asString()
                .contains("org.postern.spi.sasl has version", "needs 2.0.0", "ADDED METHOD respond(");
    }

    @Test
    void wantsAMinorVersionForAMethodThatTheEngineImplements() throws Exception {
        assertThat(shortcomingsAfter("org.postern.spi.sasl", "offeredMechanisms()", ""))
                .singleElement()
                .asString()
                .contains("ADDED METHOD offeredMechanisms()")
                .doesNotContain("needs 2.0.0");
    }

    @Test
    void wantsAMajorVersionForAMethodThatIsGone() throws Exception {
        assertThat(shortcomingsAfter(
                        "org.postern.spi.sasl",
                        "",
                        "org.postern.spi.sasl.SaslContext|METHOD MINOR MAJOR abstract formerly()"))
                .singleElement()
                .asString()
                .contains("needs 2.0.0", "REMOVED METHOD");
    }

    @Test
    void wantsNoPackageToVanish() throws Exception {
        now.write(folder);
        Path file = folder.resolve("org.postern.spi.sasl.api");
        Files.writeString(
                folder.resolve("org.postern.spi.former.api"),
                Files.readString(file).replace("org.postern.spi.sasl\n", "org.postern.spi.former\n"));
        assertThat(now.shortcomingsAfter(Baseline.read(folder)))
                .singleElement()
                .asString()
                .contains("org.postern.spi.former is gone");
    }
}
