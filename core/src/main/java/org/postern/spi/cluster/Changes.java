// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.cluster;

import java.util.List;

/**
 * What was put since a reading before.
 *
 * @param registers each as it is now. Some may have been told before already; none is left out that has not ended
 * @param next where the next reading begins
 */
public record Changes(List<Register> registers, long next) {

    /** Copies the list. */
    public Changes {
        registers = List.copyOf(registers);
    }
}
