// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.spool;

import java.util.Objects;

/**
 * Proof that a message is durable.
 *
 * @param message the message as it was stored
 * @param held whether it is for this process to deliver. If not, it is handed over as {@link Spool#recover} says, to this
 *     process or to another that shares the storage
 */
public record Receipt(SpooledMessage message, boolean held) {

    /** @throws NullPointerException if there is no message */
    public Receipt {
        Objects.requireNonNull(message, "message");
    }

    /** A message that this process delivers. */
    public Receipt(SpooledMessage message) {
        this(message, true);
    }
}
