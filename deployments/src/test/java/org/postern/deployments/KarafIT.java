// SPDX-License-Identifier: Apache-2.0
package org.postern.deployments;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real Karaf, started by its own script; the archive is dropped into its {@code deploy} folder. */
@Timeout(240)
class KarafIT {

    /** What Karaf itself brings, or its feature {@code scr}. */
    private static final Set<String> KARAFS_OWN = Set.of(
            "org.apache.felix.configadmin",
            "org.apache.felix.fileinstall",
            "org.apache.felix.scr",
            "org.osgi.service.component",
            "org.osgi.util.function",
            "org.osgi.util.promise");

    private static final Pattern ARTIFACT = Pattern.compile("mvn:[^/]+/([^/]+)/");

    @TempDir
    private Path folder;

    @Test
    void installsEveryBundleThatShips() throws Exception {
        String feature = Files.readString(Path.of("target", "classes", "feature.xml"));
        Set<String> installed = ARTIFACT.matcher(feature)
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> shipped = ShippedBundles.names();
        shipped.removeAll(KARAFS_OWN);
        assertThat(installed).isEqualTo(shipped);
    }

    @Test
    void deliversWithPasswordAfterTheArchiveIsDroppedIntoIt() throws Exception {
        Path karaf = copy(Path.of(System.getProperty("postern.karaf")), folder.resolve("karaf"));
        takePortsAway(karaf.resolve("etc"));
        if (Runtime.version().feature() >= 24) {
            replaceEventAdmin(karaf);
        }
        try (Errand errand = new Errand(folder)) {
            Files.writeString(karaf.resolve("etc/custom.system.properties"), errand.properties());
            Path kar = Path.of(System.getProperty("postern.kar"));
            Files.copy(kar, Files.createDirectories(karaf.resolve("deploy")).resolve(kar.getFileName()));
            // Its own options ask for a security manager, which Java 24 and later refuse.
            Map<String, String> environment = Map.of("JAVA_OPTS", "-Xmx512m");
            List<String> command = List.of(karaf.resolve("bin/karaf").toString(), "server");
            try (ContainerProcess process = ContainerProcess.start(karaf, environment, command)) {
                errand.run(karaf.resolve("data/log/karaf.log"), process.handle());
            }
        }
    }

    // Remote shell and remote management would listen on ports of their own.
    private static void takePortsAway(Path etc) throws IOException {
        Path features = etc.resolve("org.apache.karaf.features.cfg");
        Files.writeString(features, Files.readString(features).replaceAll("(?m)^ *(ssh|management)/.*\n", ""));
    }

    // As docs/deploying.md has it for Karaf 4.4 on Java 24 and later.
    private static void replaceEventAdmin(Path karaf) throws IOException {
        String version = System.getProperty("postern.eventadmin.version");
        Path place = karaf.resolve("system/org/apache/felix/org.apache.felix.eventadmin/" + version);
        Files.copy(
                ShippedBundles.FRAMEWORKS.resolve("org.apache.felix.eventadmin.jar"),
                Files.createDirectories(place).resolve("org.apache.felix.eventadmin-" + version + ".jar"));
        Path startup = karaf.resolve("etc/startup.properties");
        Files.writeString(
                startup,
                Files.readString(startup)
                        .replaceAll(
                                "mvn\\\\:org\\.apache\\.karaf\\.services/org\\.apache\\.karaf\\.services\\.eventadmin/[^ ]+",
                                "mvn\\\\:org.apache.felix/org.apache.felix.eventadmin/" + version));
        Path features = karaf.resolve("etc/org.apache.karaf.features.cfg");
        Files.writeString(features, Files.readString(features).replaceAll("(?m)^ *eventadmin/.*\n", ""));
    }

    private static Path copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            all.forEach(path -> {
                try {
                    Files.copy(path, to.resolve(from.relativize(path).toString()), StandardCopyOption.COPY_ATTRIBUTES);
                } catch (IOException failed) {
                    throw new UncheckedIOException(failed);
                }
            });
        }
        return to;
    }
}
