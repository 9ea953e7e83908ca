// SPDX-License-Identifier: Apache-2.0
package org.postern.bench.crash;

import java.util.Random;

/** When in its life a relay ends, and how. */
enum Moment {
    /** At any time of its start: the spool is being read, perhaps. */
    START,
    /** Just after the spool was read: old segments are compacted, and the mail in them starts out again. */
    OPENED,
    /** While mail comes in and goes out. */
    LOAD,
    /** By order, while mail comes in and goes out. */
    ORDERLY;

    private static final int OF = 20;

    static Moment draw(Random random) {
        int drawn = random.nextInt(OF);
        return drawn < 4 ? START : drawn < 8 ? OPENED : drawn < 19 ? LOAD : ORDERLY;
    }
}
