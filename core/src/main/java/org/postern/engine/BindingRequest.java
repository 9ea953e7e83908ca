// SPDX-License-Identifier: Apache-2.0
package org.postern.engine;

import java.util.Objects;
import java.util.Optional;

/**
 * What whoever hands a message in has to say about its binding. Hooks may choose another.
 *
 * @param name the binding to use where nothing else is said; a name that the configuration does not have is logged and
 *     stands for none
 * @param headerHonoured whether the message's own {@code X-Binding} field may name another; only for senders that are
 *     trusted with every account of the configuration
 */
public record BindingRequest(Optional<String> name, boolean headerHonoured) {

    /** @throws NullPointerException if the name is null */
    public BindingRequest {
        Objects.requireNonNull(name, "name");
    }
}
