// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.settings;

import java.util.Objects;

/**
 * Where something is written.
 *
 * @param file the file as the operator named it, or another source in angle brackets
 * @param line counted from 1
 * @param column counted from 1
 */
public record Origin(String file, int line, int column) {

    /** @throws NullPointerException if there is no file */
    public Origin {
        Objects.requireNonNull(file, "file");
    }

    /** {@code file:line:column}, as compilers print it. */
    @Override
    public String toString() {
        return file + ":" + line + ":" + column;
    }
}
