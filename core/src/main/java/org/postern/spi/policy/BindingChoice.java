// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.policy;

import java.util.Objects;

/** What a {@link BindingHook} wants. A name that the configuration does not have changes nothing and is logged. */
public sealed interface BindingChoice {

    /** The binding stays as it is. */
    record Unchanged() implements BindingChoice {}

    /**
     * This binding.
     *
     * @param name its name, in the case that it is declared in
     */
    record Named(String name) implements BindingChoice {

        /** @throws NullPointerException if there is no name */
        public Named {
            Objects.requireNonNull(name, "name");
        }
    }

    /**
     * Any binding of this group; the engine takes them in turn.
     *
     * @param group its name, in the case that it is declared in
     */
    record AnyOf(String group) implements BindingChoice {

        /** @throws NullPointerException if there is no group */
        public AnyOf {
            Objects.requireNonNull(group, "group");
        }
    }
}
