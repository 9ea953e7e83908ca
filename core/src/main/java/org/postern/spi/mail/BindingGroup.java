// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.mail;

import java.util.Objects;

/**
 * A group of bindings. Names are case-sensitive.
 *
 * @param name the group's name
 */
public record BindingGroup(String name) {

    /** The group of every binding that is declared outside a group. */
    public static final BindingGroup DEFAULT = new BindingGroup("default");

    /** @throws NullPointerException if there is no name */
    public BindingGroup {
        Objects.requireNonNull(name, "name");
    }

    @Override
    public String toString() {
        return name;
    }
}
