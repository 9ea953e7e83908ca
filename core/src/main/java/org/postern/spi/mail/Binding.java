// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.mail;

import java.util.Objects;

/**
 * The binding that a message leaves through. Names are case-sensitive.
 *
 * @param group the group that the binding belongs to
 * @param name the binding's own name
 */
public record Binding(BindingGroup group, String name) {

    /** The binding of every message for which nothing else was said. */
    public static final Binding DEFAULT = new Binding(BindingGroup.DEFAULT, "default");

    /** @throws NullPointerException if a part is missing */
    public Binding {
        Objects.requireNonNull(group, "group");
        Objects.requireNonNull(name, "name");
    }

    @Override
    public String toString() {
        return name;
    }
}
