// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.cluster;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * What was put since a reading before.
 *
 * @param registers each as it is now. Some may have been told before already; none is left out that has not ended
 * @param next where the next reading begins
 * @param now when the storage answered, by its own clock: the only clock that all nodes can agree on
 */
public record Changes(List<Register> registers, long next, Instant now) {

    /** Copies the list. */
    public Changes {
        registers = List.copyOf(registers);
        Objects.requireNonNull(now, "now");
    }
}
