// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.spool;

import java.util.Objects;

/**
 * Proof that a message is durable.
 *
 * @param message the message as it was stored
 */
public record Receipt(SpooledMessage message) {

    /** @throws NullPointerException if there is no message */
    public Receipt {
        Objects.requireNonNull(message, "message");
    }
}
