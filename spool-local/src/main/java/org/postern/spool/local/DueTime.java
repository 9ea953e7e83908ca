// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import java.util.Comparator;

/**
 * A place in the order in which parked messages come up.
 *
 * @param at when, in seconds since 1970
 * @param number the message
 */
record DueTime(long at, long number) implements Comparable<DueTime> {

    private static final Comparator<DueTime> ORDER =
            Comparator.comparingLong(DueTime::at).thenComparingLong(DueTime::number);

    static DueTime of(Parked parked) {
        return new DueTime(parked.due(), parked.number());
    }

    @Override
    public int compareTo(DueTime other) {
        return ORDER.compare(this, other);
    }
}
