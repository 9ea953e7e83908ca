// SPDX-License-Identifier: Apache-2.0
package org.postern.deployments;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.postern.launcher.container.AssembledBundle;
import org.postern.launcher.container.Assembly;

/** The jars of the home that ships. */
final class ShippedBundles {

    /** Jars of frameworks, from Maven Central. */
    static final Path FRAMEWORKS = Path.of(System.getProperty("postern.containers"), "jars");

    private ShippedBundles() {}

    static List<AssembledBundle> all() throws IOException {
        return Assembly.of(Path.of(System.getProperty("postern.home"))).bundles();
    }

    /** Logging as bundles, for containers that bring none: the home has it on its class path. */
    static Path logging() {
        return FRAMEWORKS.resolve("pax-logging-api.jar");
    }

    /** Their file names without versions. */
    static Set<String> names() throws IOException {
        Set<String> names = new TreeSet<>();
        for (AssembledBundle bundle : all()) {
            names.add(bundle.jar().getFileName().toString().replaceFirst("\\.jar$", ""));
        }
        return names;
    }

    /** Copies them and the logging into a folder. */
    static void copyTo(Path folder) throws IOException {
        Stream<Path> jars = Stream.concat(all().stream().map(AssembledBundle::jar), Stream.of(logging()));
        for (Path jar : jars.toList()) {
            Files.copy(jar, folder.resolve(jar.getFileName()));
        }
    }
}
