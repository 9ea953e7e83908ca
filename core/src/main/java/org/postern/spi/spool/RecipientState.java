// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.spool;

import java.time.Instant;
import java.util.Objects;

/**
 * How far one recipient is.
 *
 * @param settled whether nothing more is to be done
 * @param attempts attempts counted so far
 * @param due when to try next
 * @param onHold whether an operator keeps it back; then nothing is tried, whatever is due
 */
public record RecipientState(boolean settled, int attempts, Instant due, boolean onHold) {

    /** @throws IllegalArgumentException if the count is negative */
    public RecipientState {
        Objects.requireNonNull(due, "due");
        if (attempts < 0) {
            throw new IllegalArgumentException("attempts must not be negative");
        }
    }

    /** A recipient that nobody keeps back. */
    public RecipientState(boolean settled, int attempts, Instant due) {
        this(settled, attempts, due, false);
    }

    /** A recipient that was just accepted. */
    public static RecipientState fresh(Instant received) {
        return new RecipientState(false, 0, received);
    }
}
