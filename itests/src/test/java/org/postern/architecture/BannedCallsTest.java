// SPDX-License-Identifier: Apache-2.0
package org.postern.architecture;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.DataOutput;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Base64;

/** Calls that have hurt others, and are not to be found here. */
@AnalyzeClasses(locations = EveryModule.class)
class BannedCallsTest {

    /** Libraries that bundles carry, and that are not ours to change. */
    private static final String HIKARI = "com.zaxxer..";

    private static final String MVSTORE = "org.h2..";

    @ArchTest
    static final ArchRule charactersAreNeverCutDownToOctets = noClasses()
            .should()
            .callMethod(String.class, "getBytes", int.class, int.class, byte[].class, int.class)
            .orShould()
            .callMethodWhere(target(owner(assignableTo(DataOutput.class))).and(target(name("writeBytes"))))
            .because("U+760D U+760A would become CR LF");

    @ArchTest
    static final ArchRule nothingDependsOnTheDefaultCharset = noClasses()
            .should()
            .callMethod(String.class, "getBytes")
            .orShould()
            .callConstructor(String.class, byte[].class)
            .orShould()
            .callConstructor(java.io.InputStreamReader.class, InputStream.class)
            .orShould()
            .callConstructor(java.io.OutputStreamWriter.class, OutputStream.class);

    @ArchTest
    static final ArchRule base64IsNeverReadLeniently = noClasses()
            .should()
            .callMethod(Base64.class, "getMimeDecoder")
            .because("RFC 4954 wants characters outside the alphabet refused");

    @ArchTest
    static final ArchRule nothingSleeps = noClasses()
            .that()
            .resideOutsideOfPackages("org.postern.peer..", "org.postern.launcher..", HIKARI, MVSTORE)
            .should()
            .callMethod(Thread.class, "sleep", long.class)
            .orShould()
            .callMethod(Thread.class, "sleep", java.time.Duration.class);

    @ArchTest
    static final ArchRule onlyTheCommandLinePrints = noClasses()
            .that()
            .resideOutsideOfPackages("org.postern.launcher..", "org.postern.bench..", HIKARI, MVSTORE)
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err");

    @ArchTest
    static final ArchRule bundlesAreConfiguredByTheConfigurationAlone = noClasses()
            .that()
            .resideInAPackage("org.postern..")
            .and()
            .resideOutsideOfPackages("org.postern.launcher..", "org.postern.bench..", "org.postern.peer..")
            .should()
            .callMethodWhere(target(owner(assignableTo(System.class)))
                    .and(target(name("getProperty")).or(target(name("setProperty")))))
            .because("a system property belongs to the process, and bundles are guests in it");

    @ArchTest
    static final ArchRule onlyStoresAndSpoolsReadTheEnvironment = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "org.postern.launcher..", "org.postern.bench..", "org.postern.credential..", "org.postern.spool..")
            .should()
            .callMethodWhere(target(owner(assignableTo(System.class))).and(target(name("getenv"))))
            .because("service managers hand over secrets in it, and where their files are");

    @ArchTest
    static final ArchRule nothingEndsTheProcess = noClasses()
            .that()
            .resideOutsideOfPackages("org.postern.launcher..", "org.postern.bench..")
            .should()
            .callMethodWhere(target(owner(assignableTo(Runtime.class)).or(owner(assignableTo(System.class))))
                    .and(target(name("exit")).or(target(name("halt")))));

    @ArchTest
    static final ArchRule nothingIsSerialised = noClasses()
            .that()
            .resideOutsideOfPackage(MVSTORE)
            .should()
            .dependOnClassesThat()
            .areAssignableTo(java.io.ObjectInputStream.class)
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(java.io.ObjectOutputStream.class);
}
