// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.postern.launcher.container.Assembly;
import org.postern.launcher.container.Container;
import org.postern.launcher.container.ContainerPlan;
import org.postern.launcher.container.TinyBundle;

/** A container with nothing in it that ever gets ready. */
@Timeout(60)
class ReadinessTest {

    private static final Duration MOMENT = Duration.ofMillis(10);

    @TempDir
    private Path directory;

    private Container container;
    private StartErrors errors;

    @BeforeEach
    void start() throws Exception {
        Files.createDirectories(directory.resolve("system"));
        TinyBundle.named("org.example.idle", "1").in(directory.resolve("system/1/idle.jar"));
        container = Container.start(
                new ContainerPlan(Assembly.of(directory), directory.resolve("cache"), Optional.empty(), Map.of()));
        errors = StartErrors.watch();
    }

    @AfterEach
    void stop() {
        errors.close();
        container.close();
    }

    @Test
    void aStartIsGivenUpAfterItsTime() {
        Readiness readiness = new Readiness(container, errors).await(MOMENT);

        assertThat(readiness.state()).isEqualTo(Readiness.State.CANNOT_START);
        assertThat(readiness.reasons()).singleElement().asString().contains("missing a configuration");
    }

    @Test
    void itIsNotGivenUpWhileASpoolReadsWhatWaitsInIt() throws Exception {
        ServiceRegistration<Path> reading = container
                .context()
                .registerService(
                        Path.class,
                        directory,
                        FrameworkUtil.asDictionary(Map.of("postern.spool.opening", directory.toString())));
        Readiness readiness = new Readiness(container, errors);
        Thread waiting = Thread.ofPlatform().start(() -> readiness.await(MOMENT));

        assertThat(waiting.join(MOMENT.multipliedBy(30))).isFalse();
        reading.unregister();
        assertThat(waiting.join(Duration.ofSeconds(50))).isTrue();
        assertThat(readiness.state()).isEqualTo(Readiness.State.CANNOT_START);
    }
}
