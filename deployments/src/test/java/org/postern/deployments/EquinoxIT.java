// SPDX-License-Identifier: Apache-2.0
package org.postern.deployments;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Another framework altogether, which knows the bundles by their manifests only. */
@Timeout(180)
class EquinoxIT {

    @TempDir
    private Path folder;

    @Test
    void resolvesTheBundlesByTheirMetadataAndDeliversWithPassword() throws Exception {
        Path bundles = Files.createDirectory(folder.resolve("bundles"));
        ShippedBundles.copyTo(bundles);
        try (Errand errand = new Errand(folder)) {
            Path area = Files.createDirectory(folder.resolve("configuration"));
            Files.writeString(area.resolve("config.ini"), """
                    osgi.bundles = %s
                    osgi.noShutdown = true
                    osgi.clean = true
                    eclipse.ignoreApp = true
                    """.formatted(list(bundles)) + errand.properties());
            List<String> command = List.of(
                    ContainerProcess.java(),
                    "-jar",
                    ShippedBundles.FRAMEWORKS.resolve("org.eclipse.osgi.jar").toString(),
                    "-configuration",
                    area.toString());
            try (ContainerProcess process = ContainerProcess.start(folder, Map.of(), command)) {
                errand.run(process.output(), process.handle());
            }
        }
    }

    private static String list(Path bundles) throws Exception {
        try (Stream<Path> jars = Files.list(bundles)) {
            return jars.map(jar -> "reference:file:" + jar + "@start").sorted().collect(Collectors.joining(","));
        }
    }
}
