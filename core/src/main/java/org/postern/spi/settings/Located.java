// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.settings;

import java.util.Objects;
import java.util.Optional;

/**
 * A value and where it is written. Nothing as value means that the place cancels what broader scopes say.
 *
 * @param value the value, or nothing
 * @param origin where it is written
 * @param <T> the type of the value
 */
public record Located<T>(Optional<T> value, Origin origin) {

    /** @throws NullPointerException if a part is missing */
    public Located {
        Objects.requireNonNull(value, "value");
        Objects.requireNonNull(origin, "origin");
    }

    /** Where it is written; never the value, which may be a password. */
    @Override
    public String toString() {
        return "Located[" + origin + "]";
    }
}
