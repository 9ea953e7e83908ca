// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.postern.launcher.container.Assembly;
import org.postern.launcher.container.ContainerPlan;

/**
 * One relay: its configuration and where it keeps what must last.
 *
 * @param configuration the configuration file
 * @param state the state directory: spool, framework cache, lock
 */
public record Instance(Path configuration, Path state) {

    /** Makes both absolute, because bundles must not depend on where the command was typed. */
    public Instance {
        configuration = configuration.toAbsolutePath().normalize();
        state = state.toAbsolutePath().normalize();
    }

    /** A relay whose state lies beside its configuration, in {@code state}. */
    public static Instance of(Path configuration, Optional<Path> state) {
        Path beside = configuration.toAbsolutePath().resolveSibling("state");
        return new Instance(configuration, state.orElse(beside));
    }

    /** The folder whose jars are installed as they come. */
    public Path dropFolder() {
        return configuration.resolveSibling("bundles");
    }

    /** How to start a container for it. */
    public ContainerPlan plan(Assembly assembly, Optional<Path> watched) {
        Map<String, String> properties =
                Map.of("postern.conf", configuration.toString(), "postern.state", state.toString());
        return new ContainerPlan(assembly, state.resolve("felix.cache"), watched, properties);
    }
}
