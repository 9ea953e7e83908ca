// SPDX-License-Identifier: Apache-2.0
package org.postern.secrecy;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.postern.testkit.Canaries;

/** The secrets of all tests are in nothing that all tests have written. */
class WholeBuildTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    /** What the passwords and tokens of tests are made of; one that a test invents should have the marker in it. */
    private final Canaries canaries = new Canaries()
            .watch("what all planted secrets have in them", Canaries.MARKER.getBytes(US_ASCII))
            .watch("the password of most accounts in tests", "wonderland".getBytes(US_ASCII));

    @Test
    void noSecretOfATestIsInAnythingThatTheBuildWrote() throws IOException {
        BuildOutput output = BuildOutput.search(ROOT, canaries);
        assertThat(output.leaks())
                .as("secrets in what the build wrote, among " + output.searched() + " files. What an older build left"
                        + " counts: ./dev clean removes it")
                .isEmpty();
        if (Files.exists(ROOT.resolve("itests/target/failsafe-reports/TEST-org.postern.itests.CanaryIT.xml"))) {
            theSearchCanSee(output);
        }
    }

    /** Where operators keep passwords, they are found. */
    private void theSearchCanSee(BuildOutput output) throws IOException {
        int found = 0;
        for (Path place : output.secretPlaces()) {
            found += canaries.findInContent(place).size();
        }
        assertThat(found).as("secrets in configurations").isPositive();
    }
}
