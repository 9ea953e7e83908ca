// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.spool;

import java.util.Objects;

/**
 * A recipient's new state.
 *
 * @param index the recipient's position in the envelope, from 0
 * @param state what holds from now on
 */
public record RecipientUpdate(int index, RecipientState state) {

    /** @throws IllegalArgumentException if the index is negative */
    public RecipientUpdate {
        Objects.requireNonNull(state, "state");
        if (index < 0) {
            throw new IllegalArgumentException("index must not be negative");
        }
    }
}
