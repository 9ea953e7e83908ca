// SPDX-License-Identifier: Apache-2.0
package org.postern.bench.hostile;

import java.util.List;

/**
 * What came of one kind of bad input.
 *
 * @param title what it was
 * @param figures what was seen, as people read it
 * @param faults what should not be; empty if all is well
 * @param mostResident the most that the relay had in memory, in MiB
 * @param heap the most that its heap might take, as {@code -Xmx} has it
 * @param seconds how long it took
 */
record Finding(
        String title, List<String> figures, List<String> faults, long mostResident, String heap, double seconds) {

    Finding {
        figures = List.copyOf(figures);
        faults = List.copyOf(faults);
    }

    boolean isGood() {
        return faults.isEmpty();
    }
}
