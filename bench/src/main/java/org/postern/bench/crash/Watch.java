// SPDX-License-Identifier: Apache-2.0
package org.postern.bench.crash;

import java.util.concurrent.TimeUnit;

/** Waits for what a history has to say. Used by one thread. */
final class Watch {

    private static final long LOOK_MILLIS = 20;

    private final History history;

    Watch(History history) {
        this.history = history;
    }

    /** Whether no promise has been broken so far. */
    boolean isRight() {
        return history.checker().summary().violations() == 0;
    }

    /**
     * How fast mail comes in depends on the machine; how much of it does not.
     *
     * @param more messages from now on
     * @param longestMillis when to go on in any case
     */
    void awaitAccepted(int more, long longestMillis) {
        int goal = history.checker().summary().accepted() + more;
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(longestMillis);
        while (System.nanoTime() - until < 0 && history.checker().summary().accepted() < goal) {
            Setup.rest(1);
        }
    }

    /**
     * Until nothing is outstanding.
     *
     * @param patienceMillis how long nothing may change; whoever waits no longer sees what is lost
     */
    void awaitDelivered(long patienceMillis) {
        long waited = 0;
        int before = Integer.MAX_VALUE;
        while (before > 0 && waited < patienceMillis) {
            Setup.rest(LOOK_MILLIS);
            int now = history.checker().summary().outstanding();
            waited = now < before ? 0 : waited + LOOK_MILLIS;
            before = now;
        }
    }
}
