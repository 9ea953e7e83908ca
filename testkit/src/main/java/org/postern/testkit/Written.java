// SPDX-License-Identifier: Apache-2.0
package org.postern.testkit;

import java.util.Objects;
import org.postern.spi.settings.ScopePath;
import org.postern.spi.settings.Setting;

/**
 * One line of a configuration, before a store's own language writes it.
 *
 * @param place where it stands
 * @param setting what is set
 * @param value the value, a single word or string; perhaps empty
 */
public record Written(ScopePath place, Setting<?> setting, String value) {

    /** @throws NullPointerException if a part is missing */
    public Written {
        Objects.requireNonNull(place, "place");
        Objects.requireNonNull(setting, "setting");
        Objects.requireNonNull(value, "value");
    }

    /** Place and setting; never the value, which may be a password. */
    @Override
    public String toString() {
        return "Written[" + place + " " + setting + "]";
    }
}
