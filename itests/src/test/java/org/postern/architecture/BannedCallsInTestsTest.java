// SPDX-License-Identifier: Apache-2.0
package org.postern.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Tests wait for what they wait for, never for a time. */
class BannedCallsInTestsTest {

    @Test
    void noTestSleeps() {
        JavaClasses tests = new ClassFileImporter().importPaths(EveryModule.folders("target/test-classes"));
        assertThat(tests).isNotEmpty();
        noClasses()
                .should()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .callMethod(Thread.class, "sleep", Duration.class)
                .check(tests);
    }
}
