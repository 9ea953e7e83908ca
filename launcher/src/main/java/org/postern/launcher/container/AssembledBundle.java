// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher.container;

import java.nio.file.Path;
import java.util.Objects;

/**
 * A bundle of the assembly.
 *
 * @param jar its file
 * @param startLevel from which start level on it runs, 1 to 99
 */
public record AssembledBundle(Path jar, int startLevel) {

    /** @throws NullPointerException if the file is missing */
    public AssembledBundle {
        Objects.requireNonNull(jar, "jar");
    }

    /** The file's name without {@code .jar}: the artifact. */
    public String name() {
        String file = jar.getFileName().toString();
        return file.substring(0, file.length() - ".jar".length());
    }
}
