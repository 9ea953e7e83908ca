// SPDX-License-Identifier: Apache-2.0
package org.postern.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The table of allowed arrows between packages. A drawing that this test does not hold would be a lie. */
@AnalyzeClasses(locations = EveryModule.class)
class ArrowsTest {

    private static final List<String> STAGES = List.of(
            "core.route", "core.scope", "core.auth", "core.limits", "core.session", "core.outcome", "core.observe");
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

    @ArchTest
    static final ArchRule theInterfacesKnowOnlyTheJdkAndOsgisAnnotations = classes()
            .that()
            .resideInAPackage("org.postern.spi..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java..",
                    "javax.crypto..",
                    "javax.net..",
                    "org.postern.spi..",
                    "org.osgi.annotation..",
                    "org.osgi.service.component.annotations..");

    @ArchTest
    static final ArchRule theEnginesBorderKnowsOnlyTheInterfaces = classes()
            .that()
            .resideInAnyPackage("org.postern.engine..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "org.postern.spi..", "org.postern.engine..", "org.osgi.annotation..");

    @ArchTest
    static final ArchRule stagesDoNotKnowEachOther = classes()
            .that(describe("are in a stage", type -> STAGES.stream().anyMatch(name -> inModule(type, name))))
            .should(NoOtherRoom.among(STAGES));

    /** What each package of the engine may know of the others; the hub and the engine around it may know all. */
    private static final Map<String, List<String>> KNOWS = Map.ofEntries(
            Map.entry("core.text", List.of()),
            Map.entry("core.time", List.of()),
            Map.entry("core.explain", List.of("core.text")),
            Map.entry("core.operate", List.of("core.cluster", "core.text")),
            Map.entry("core.intake", List.of()),
            Map.entry("core.cluster", List.of()),
            Map.entry("core.limits", List.of("core.cluster", "core.state")),
            Map.entry("core.queue", List.of("core.cluster")),
            Map.entry("core.route", List.of()),
            Map.entry("core.scope", List.of()),
            Map.entry("core.audit", List.of("core.state")),
            Map.entry("core.auth", List.of("core.audit", "core.cluster", "core.state", "core.time")),
            Map.entry("core.smtp", List.of()),
            Map.entry("core.state", List.of()),
            Map.entry("core.sasl", List.of("core.smtp")),
            Map.entry("core.session", List.of("core.cluster", "core.smtp")),
            Map.entry("core.outcome", List.of("core.smtp")),
            Map.entry("core.observe", List.of("core.smtp")));

    @ArchTest
    static void everyPackageOfTheEngineKnowsWhatItsLineSays(JavaClasses all) {
        KNOWS.forEach((name, others) -> noClasses()
                .that(describe("are in " + name, type -> inModule(type, name)))
                .should()
                .dependOnClassesThat(describe("are in a room of the engine other than " + others, type -> {
                    boolean known = inModule(type, name) || others.stream().anyMatch(other -> inModule(type, other));
                    return inModule(type, "core") && !known;
                }))
                .check(all));
    }

    @ArchTest
    static void everyPackageOfTheEngineHasALine(JavaClasses all) {
        List<String> rooms = Stream.concat(KNOWS.keySet().stream(), Stream.of("core.delivery", "core.engine"))
                .toList();
        classes()
                .that()
                .resideInAPackage("org.postern.core..")
                .should(ArchCondition.from(describe(
                        "are in a room of the table", type -> rooms.stream().anyMatch(room -> inModule(type, room)))))
                .check(all);
    }

    @ArchTest
    static final ArchRule nothingBelowTheHubKnowsTheHub = noClasses()
            .that()
            .resideInAPackage("org.postern.core..")
            .and()
            .resideOutsideOfPackages("org.postern.core.delivery..", "org.postern.core.engine..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.postern.core.delivery..", "org.postern.core.engine..");

    @ArchTest
    static final ArchRule theDialogueKnowsNeitherStagesNorQueues = noClasses()
            .that()
            .resideInAnyPackage("org.postern.core.smtp..", "org.postern.core.sasl..")
            .should()
            .dependOnClassesThat(resideInAPackage("org.postern.core..")
                    .and(describe(
                            "are not the dialogue",
                            type -> !type.getPackageName().startsWith("org.postern.core.smtp")
                                    && !type.getPackageName().startsWith("org.postern.core.sasl"))));

    @ArchTest
    static final ArchRule plugInsKnowOnlyTheInterfaces = noClasses()
            .that(describe("are in a plug-in", ArrowsTest::isPlugIn))
            .should()
            .dependOnClassesThat(describe("are Postern's own and neither interfaces nor the same plug-in", type -> {
                String name = type.getPackageName();
                return name.startsWith("org.postern.")
                        && !name.startsWith("org.postern.spi.")
                        && !name.startsWith("org.postern.engine")
                        && !isPlugIn(type);
            }));

    private static boolean isPlugIn(JavaClass type) {
        return PLUG_INS.stream().anyMatch(name -> inModule(type, name));
    }

    private static boolean inModule(JavaClass type, String name) {
        return (type.getPackageName() + ".").startsWith("org.postern." + name + ".");
    }

    @ArchTest
    static final ArchRule plugInsDoNotKnowEachOther =
            classes().that(describe("are in a plug-in", ArrowsTest::isPlugIn)).should(NoOtherRoom.among(PLUG_INS));

    @ArchTest
    static final ArchRule onlyTheListenerKnowsTheEnginesBorder = noClasses()
            .that(describe(
                    "are in a plug-in other than the listener",
                    type -> isPlugIn(type) && !inModule(type, "intake.smtp")))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.postern.engine..");

    @ArchTest
    static final ArchRule guiceStaysInsideTheEngineAndTheCommandLine = noClasses()
            .that()
            .resideOutsideOfPackages("org.postern.core..", "org.postern.launcher..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.google.inject..");

    @ArchTest
    static final ArchRule thePeerKnowsNothingOfPostern = noClasses()
            .that()
            .resideInAPackage("org.postern.peer..")
            .should()
            .dependOnClassesThat(resideInAPackage("org.postern..")
                    .and(describe("are not the peer", type -> !inModule(type, "peer"))));

    @ArchTest
    static final ArchRule theTestKitKnowsOnlyTheInterfacesAndThePeer = noClasses()
            .that()
            .resideInAPackage("org.postern.testkit..")
            .should()
            .dependOnClassesThat(resideInAPackage("org.postern..")
                    .and(describe(
                            "are neither interfaces nor the peer",
                            type -> !inModule(type, "spi") && !inModule(type, "peer") && !inModule(type, "testkit"))));

    @ArchTest
    static final ArchRule theLauncherKnowsNoBundleOfPostern = noClasses()
            .that()
            .resideInAPackage("org.postern.launcher..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.postern.core..",
                    "org.postern.engine..",
                    "org.postern.spi..",
                    "org.postern.auth..",
                    "org.postern.config..",
                    "org.postern.credential..",
                    "org.postern.spool..",
                    "org.postern.intake..",
                    "org.postern.policy..");
}
