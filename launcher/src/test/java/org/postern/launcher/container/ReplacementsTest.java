// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleException;
import org.osgi.framework.SynchronousBundleListener;

class ReplacementsTest {

    @TempDir
    private Path directory;

    private Container container;

    @BeforeEach
    void start() throws Exception {
        TinyBundle.named("org.example.shipped", "1.0.0").in(directory.resolve("system/3/shipped.jar"));
        Path drop = Files.createDirectories(directory.resolve("bundles"));
        container = Container.start(
                new ContainerPlan(Assembly.of(directory), directory.resolve("cache"), Optional.of(drop), Map.of()));
    }

    @AfterEach
    void stop() {
        container.close();
    }

    @Test
    void stopsTheShippedBundleWhenAnotherOfItsNameStarts() throws Exception {
        drop("2.0.0");

        assertThat(active()).containsExactly("org.example.shipped 2.0.0");
    }

    @Test
    void stopsTheShippedBundleBeforeTheOtherStarts() throws Exception {
        List<String> events = new CopyOnWriteArrayList<>();
        container.context().addBundleListener((SynchronousBundleListener) event -> {
            if (event.getType() == BundleEvent.STARTED || event.getType() == BundleEvent.STOPPED) {
                events.add(event.getBundle().getVersion() + (event.getType() == BundleEvent.STARTED ? " up" : " down"));
            }
        });

        drop("2.0.0");

        assertThat(events).containsExactly("1.0.0 down", "2.0.0 up");
    }

    @Test
    void startsTheShippedBundleAgainWhenTheOtherGoes() throws Exception {
        Bundle dropped = drop("2.0.0");

        dropped.uninstall();

        assertThat(active()).containsExactly("org.example.shipped 1.0.0");
    }

    @Test
    void leavesTheShippedBundleAloneWhileAnotherReplacementRuns() throws Exception {
        Bundle first = drop("3.0.0");
        Path jar = TinyBundle.named("org.example.shipped", "2.0.0").in(directory.resolve("second.jar"));
        Bundle second = container.context().installBundle(jar.toUri().toString());
        second.start();

        first.uninstall();
        assertThat(active()).containsExactly("org.example.shipped 2.0.0");

        second.uninstall();
        assertThat(active()).containsExactly("org.example.shipped 1.0.0");
    }

    @Test
    void installsTheShippedBundleAgainWhenItWasUninstalledItself() throws Exception {
        container.context().getBundle("assembly:shipped").uninstall();

        await().untilAsserted(() -> assertThat(active()).containsExactly("org.example.shipped 1.0.0"));
    }

    @Test
    void leavesBundlesOfOtherNamesAlone() throws Exception {
        install("org.example.other", "1.0.0");

        assertThat(active()).containsExactly("org.example.other 1.0.0", "org.example.shipped 1.0.0");
    }

    private Bundle drop(String version) throws IOException, BundleException {
        return install("org.example.shipped", version);
    }

    private Bundle install(String name, String version) throws IOException, BundleException {
        Path jar = TinyBundle.named(name, version).in(directory.resolve("dropped.jar"));
        try (InputStream content = Files.newInputStream(jar)) {
            Bundle bundle = container.context().installBundle(jar.toUri().toString(), content);
            bundle.start();
            return bundle;
        }
    }

    private List<String> active() {
        return container.bundles().stream()
                .filter(BundleView::active)
                .map(bundle -> bundle.name() + " " + bundle.version())
                .toList();
    }
}
