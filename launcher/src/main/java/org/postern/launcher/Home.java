// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher;

import java.io.IOException;
import java.nio.file.Path;
import org.postern.launcher.container.Assembly;

/**
 * Where Postern is installed.
 *
 * @param directory the folder with {@code lib} and {@code system}
 */
public record Home(Path directory) {

    /** The system property by which the start script names the home. */
    public static final String PROPERTY = "postern.home";

    /** The home that the start script named. */
    public static Home ofProcess() {
        return new Home(
                Path.of(System.getProperty(PROPERTY, ".")).toAbsolutePath().normalize());
    }

    /**
     * The bundles.
     *
     * @throws IOException if there are none
     */
    public Assembly assembly() throws IOException {
        return Assembly.of(directory);
    }
}
