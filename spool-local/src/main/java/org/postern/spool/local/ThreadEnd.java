// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

/** Waits for a thread that must not be left behind, because it still has files open. */
final class ThreadEnd {

    private ThreadEnd() {}

    /** Waits however long it takes. An interrupt meanwhile is kept for the caller. */
    static void await(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
