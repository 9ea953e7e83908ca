// SPDX-License-Identifier: Apache-2.0
package org.postern.itests;

import static org.ops4j.pax.exam.CoreOptions.bundle;
import static org.ops4j.pax.exam.CoreOptions.composite;
import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;
import static org.ops4j.pax.exam.CoreOptions.frameworkStartLevel;
import static org.ops4j.pax.exam.CoreOptions.junitBundles;
import static org.ops4j.pax.exam.CoreOptions.options;
import static org.ops4j.pax.exam.CoreOptions.systemPackages;
import static org.ops4j.pax.exam.CoreOptions.systemProperty;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.ops4j.pax.exam.Option;

/**
 * The assembly that ships, for Pax Exam: exactly the bundles that the launcher's home holds, at their start levels. Runs
 * outside the container.
 */
final class Assembly {

    private static final String SLF4J = "2.0.20";

    private Assembly() {}

    /** The shipped bundles, with an instance directory of their own and a configuration that says as little as it can. */
    static Option[] shipped() {
        Path instance = newInstance();
        return options(
                frameworkProperty("postern.conf")
                        .value(instance.resolve("postern.conf").toString()),
                frameworkProperty("postern.state")
                        .value(instance.resolve("state").toString()),
                frameworkProperty("felix.service.urlhandlers").value("true"),
                systemProperty("pax.exam.osgi.unresolved.fail").value("true"),
                frameworkStartLevel(100),
                systemPackages(
                        "org.slf4j;version=" + SLF4J,
                        "org.slf4j.event;version=" + SLF4J,
                        "org.slf4j.helpers;version=" + SLF4J,
                        "org.slf4j.spi;version=" + SLF4J,
                        // What Pax Exam's own bundles want.
                        "org.slf4j;version=1.7.36",
                        "org.slf4j.helpers;version=1.7.36",
                        "org.slf4j.spi;version=1.7.36",
                        "ch.qos.logback.classic",
                        "ch.qos.logback.classic.spi",
                        "ch.qos.logback.core",
                        "ch.qos.logback.core.read",
                        "ch.qos.logback.core.spi",
                        "org.postern.peer",
                        "org.postern.testkit",
                        "org.postern.testkit.database",
                        "org.assertj.core.api",
                        "org.awaitility",
                        "org.awaitility.core"),
                composite(bundles()),
                junitBundles());
    }

    private static Path newInstance() {
        try {
            Path instance = Files.createTempDirectory("instance").toRealPath();
            Files.createDirectory(instance.resolve("state"));
            Files.writeString(
                    instance.resolve("postern.conf"),
                    "ESMTP_Listener { Listen \"127.0.0.1:0\" {} }\nSpool_Local { Directory = \"spool\" }\n");
            return instance;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Option[] bundles() {
        return levels().flatMap(Assembly::bundlesOf).toArray(Option[]::new);
    }

    private static Stream<Path> levels() {
        return list(Path.of(System.getProperty("postern.home"), "system"));
    }

    private static Stream<Option> bundlesOf(Path level) {
        int startLevel = Integer.parseInt(level.getFileName().toString());
        return list(level).map(jar -> bundle(jar.toUri().toString()).startLevel(startLevel + 5));
    }

    private static Stream<Path> list(Path folder) {
        try (Stream<Path> found = Files.list(folder)) {
            return List.copyOf(found.sorted().toList()).stream();
        } catch (IOException failure) {
            throw new UncheckedIOException("the launcher's home has to be built first: mvn package", failure);
        }
    }
}
