// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The bundles are on the compiler's class path, because they are dependencies; no class may use one all the same. */
class ArrowsTest {

    private final JavaClasses launcher = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("org.postern.launcher");

    @Test
    void usesNoTypeOfABundle() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.postern.spi..",
                        "org.postern.engine..",
                        "org.postern.core..",
                        "org.postern.auth..",
                        "org.postern.config..",
                        "org.postern.credential..",
                        "org.postern.intake..",
                        "org.postern.spool..",
                        "com.google..",
                        "org.osgi.service..")
                .check(launcher);
    }

    @Test
    void keepsPeersToTheVerbsThatShowThem() {
        noClasses()
                .that()
                .resideOutsideOfPackages("org.postern.launcher.demo..", "org.postern.launcher.peer..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.postern.peer..")
                .check(launcher);
    }
}
