// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher.container;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What a container is started with.
 *
 * @param assembly the bundles
 * @param cache the framework's own directory; emptied at each start
 * @param dropFolder the folder whose jars are installed as they come, if one is watched
 * @param properties framework properties for the bundles
 */
public record ContainerPlan(Assembly assembly, Path cache, Optional<Path> dropFolder, Map<String, String> properties) {

    /** Copies the properties. */
    public ContainerPlan {
        properties = Map.copyOf(properties);
    }
}
