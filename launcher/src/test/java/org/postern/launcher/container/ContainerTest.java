// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.startlevel.BundleStartLevel;

class ContainerTest {

    @TempDir
    private Path directory;

    private Path system;

    @BeforeEach
    void makeFolders() throws IOException {
        system = Files.createDirectories(directory.resolve("system"));
        TinyBundle.named("org.example.low", "1.2.3").in(system.resolve("1/low.jar"));
        TinyBundle.named("org.example.high", "4.5.6").in(system.resolve("6/high.jar"));
    }

    private Container start() throws IOException, BundleException {
        Assembly assembly = Assembly.of(directory);
        return Container.start(new ContainerPlan(
                assembly, directory.resolve("cache"), Optional.empty(), Map.of("postern.example", "here")));
    }

    @Test
    void startsEveryBundleAtItsLevel() throws Exception {
        try (Container container = start()) {
            assertThat(container.bundles())
                    .extracting(BundleView::name, BundleView::active)
                    .containsExactly(tuple("org.example.high", true), tuple("org.example.low", true));
            assertThat(bundle(container, "org.example.high")
                            .adapt(BundleStartLevel.class)
                            .getStartLevel())
                    .isEqualTo(6);
            assertThat(container.failures()).isEmpty();
        }
    }

    @Test
    void handsPropertiesToBundles() throws Exception {
        try (Container container = start()) {
            assertThat(container.context().getProperty("postern.example")).isEqualTo("here");
        }
    }

    @Test
    void saysWhatABundleLacksAndStartsTheOthers() throws Exception {
        TinyBundle.named("org.example.needy", "1")
                .header("Import-Package", "org.example.nowhere")
                .in(system.resolve("2/needy.jar"));

        try (Container container = start()) {
            assertThat(container.failures()).singleElement().satisfies(failure -> {
                assertThat(failure.bundle()).isEqualTo("org.example.needy");
                assertThat(failure.reason()).contains("org.example.nowhere");
            });
            assertThat(container.bundles()).filteredOn(BundleView::active).hasSize(2);
        }
    }

    @Test
    void offersLoggingToBundles() throws Exception {
        TinyBundle.named("org.example.logs", "1")
                .header("Import-Package", "org.slf4j;version=\"[2.0,3)\",org.slf4j.spi;version=\"[2.0,3)\"")
                .in(system.resolve("2/logs.jar"));

        try (Container container = start()) {
            assertThat(container.failures()).isEmpty();
        }
    }

    @Test
    void hidesItsOwnClassPathFromBundles() throws Exception {
        try (Container container = start()) {
            Bundle bundle = bundle(container, "org.example.low");

            assertThat(bundle.loadClass("java.lang.String")).isNotNull();
            assertThatThrownBy(() -> bundle.loadClass("picocli.CommandLine"))
                    .isInstanceOf(ClassNotFoundException.class);
        }
    }

    @Test
    void replacesABundleByWhatItsFileHoldsNow() throws Exception {
        try (Container container = start()) {
            TinyBundle.named("org.example.low", "2.0.0").in(system.resolve("1/low.jar"));

            container.update("org.example.low");

            Bundle updated = bundle(container, "org.example.low");
            assertThat(updated.getVersion()).hasToString("2.0.0");
            assertThat(updated.getState()).isEqualTo(Bundle.ACTIVE);
        }
    }

    @Test
    void keepsRunningWhenTheHomeIsBuiltAnew() throws Exception {
        TinyBundle.named("org.example.full", "1")
                .file("content.txt", "still here")
                .in(system.resolve("2/full.jar"));

        try (Container container = start()) {
            Files.writeString(system.resolve("2/full.jar"), "half written");

            try (var content = bundle(container, "org.example.full")
                    .getEntry("content.txt")
                    .openStream()) {
                assertThat(content.readAllBytes()).asString().isEqualTo("still here");
            }
        }
    }

    @Test
    void startsAgainOnTheSameCacheWithAnotherAssembly() throws Exception {
        start().close();
        Files.delete(system.resolve("6/high.jar"));

        try (Container container = start()) {
            assertThat(container.bundles()).extracting(BundleView::name).containsExactly("org.example.low");
        }
    }

    @Test
    void stopsWithinTheDeadline() throws Exception {
        Container container = start();

        assertThat(container.stop(Duration.ofSeconds(10))).isTrue();
    }

    private static Bundle bundle(Container container, String name) {
        for (Bundle bundle : container.context().getBundles()) {
            if (name.equals(bundle.getSymbolicName())) {
                return bundle;
            }
        }
        throw new AssertionError("no bundle " + name);
    }
}
