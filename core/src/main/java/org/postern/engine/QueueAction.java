// SPDX-License-Identifier: Apache-2.0
package org.postern.engine;

/** What an operator does to mail that waits. */
public enum QueueAction {
    /** Keeps it back, also over a restart, until it is released; it does not expire meanwhile. */
    HOLD,
    /** Lets mail that was kept back go; it is tried at once. */
    RELEASE,
    /** Tries now what waits for its time or for this side; what is on hold stays. */
    RETRY,
    /** Drops it; nobody is told. */
    REMOVE
}
