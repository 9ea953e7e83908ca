// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;

class DropFolderReportTest {

    @TempDir
    private Path directory;

    private Path drop;
    private Container container;
    private DropFolderReport report;

    @BeforeEach
    void start() throws Exception {
        TinyBundle.named("org.example.shipped", "1.0.0").in(directory.resolve("system/3/shipped.jar"));
        drop = Files.createDirectories(directory.resolve("bundles"));
        container = Container.start(
                new ContainerPlan(Assembly.of(directory), directory.resolve("cache"), Optional.empty(), Map.of()));
        report = new DropFolderReport(drop, container.context());
    }

    @AfterEach
    void stop() {
        container.close();
    }

    @Test
    void saysThatAJarIsCutOff() throws Exception {
        Path jar = TinyBundle.named("org.example.good", "1").in(drop.resolve("x.jar"));
        byte[] whole = Files.readAllBytes(jar);
        Files.write(jar, Arrays.copyOf(whole, whole.length / 2));

        assertThat(report.look()).isEmpty();
        assertThat(report.look())
                .singleElement()
                .asString()
                .startsWith(jar + " is passed over: it is no jar, or cut off");
        assertThat(report.look()).isEmpty();
    }

    @Test
    void saysThatAJarIsNoBundle() throws Exception {
        try (OutputStream out = Files.newOutputStream(drop.resolve("plain.jar"));
                JarOutputStream jar = new JarOutputStream(out)) {
            jar.putNextEntry(new JarEntry("a.txt"));
        }

        report.look();
        assertThat(report.look()).singleElement().asString().contains("it is no OSGi bundle");
    }

    @Test
    void saysWhatABundleLacks() throws Exception {
        Path jar = TinyBundle.named("org.example.needy", "1")
                .header("Import-Package", "org.example.nowhere")
                .in(drop.resolve("needy.jar"));
        container.context().installBundle(DroppedJars.location(jar));

        report.look();
        assertThat(report.look()).singleElement().asString().contains("it does not start", "org.example.nowhere");
    }

    @Test
    void judgesAJarAgainWhenItChanges() throws Exception {
        Path jar = Files.writeString(drop.resolve("x.jar"), "no jar");
        report.look();
        assertThat(report.look()).hasSize(1);

        Files.writeString(jar, "no jar either");
        report.look();
        assertThat(report.look()).hasSize(1);
    }

    @Test
    void hasNothingToSayAboutBundlesThatRun() throws Exception {
        Path jar = TinyBundle.named("org.example.good", "1").in(drop.resolve("good.jar"));
        Bundle good = container.context().installBundle(DroppedJars.location(jar));
        good.start();
        Files.writeString(drop.resolve("x.jar.part"), "half of one");

        report.look();
        assertThat(report.look()).isEmpty();
    }
}
