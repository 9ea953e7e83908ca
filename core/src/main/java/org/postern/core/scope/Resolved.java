// SPDX-License-Identifier: Apache-2.0
package org.postern.core.scope;

import java.util.Objects;
import java.util.Optional;
import org.postern.spi.settings.Origin;
import org.postern.spi.settings.ScopePath;

/**
 * What holds for one option, and why.
 *
 * @param value the value in force: the winner's, else the default; nothing where neither exists or the winner cancels
 * @param origin where the winner is written; nothing where the default holds
 * @param place the scope that the winner stands in; nothing where the default holds
 * @param cancelled whether the winner says "nothing here, look no further"
 * @param <T> the type of the value
 */
public record Resolved<T>(Optional<T> value, Optional<Origin> origin, Optional<ScopePath> place, boolean cancelled) {

    /** @throws NullPointerException if a part is missing */
    public Resolved {
        Objects.requireNonNull(value, "value");
        Objects.requireNonNull(origin, "origin");
        Objects.requireNonNull(place, "place");
    }

    /** Whether some scope speaks; false where the default holds. */
    public boolean isSet() {
        return place.isPresent();
    }

    /** The value, for an option that has a default and cannot be cancelled. */
    public T orThrow() {
        return value.orElseThrow();
    }

    /** The place and the origin; never the value, which may be a password. */
    @Override
    public String toString() {
        String where = place.map(Object::toString).orElse("default");
        return "Resolved[" + where + origin.map(o -> ", " + o).orElse("") + (cancelled ? ", cancelled" : "") + "]";
    }
}
