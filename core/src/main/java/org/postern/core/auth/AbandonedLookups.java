// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lookups that go on in a store although it was told to stop. Each keeps a thread and one of the store's turns until it
 * ends, and nothing but the store, or the end of the process, can end it.
 *
 * <p>Threading: safe for many threads.
 */
final class AbandonedLookups {

    private static final Logger LOG = LoggerFactory.getLogger(AbandonedLookups.class);

    private final LongAdder count = new LongAdder();
    private final Pace warnings;

    AbandonedLookups(Clock clock, Duration betweenWarnings) {
        this.warnings = new Pace(clock, betweenWarnings);
    }

    /**
     * One more.
     *
     * @param taken the store's turns that are taken at the moment, by this one too
     * @param turns all that it has
     */
    void add(String store, int taken, int turns) {
        if (warnings.isDue(store)) {
            LOG.warn(
                    "credential store {} goes on with a lookup that it was told to stop: {} of its {} turns are taken;"
                            + " once all are, it is not asked until one is free or its bundle is restarted",
                    store,
                    taken,
                    turns);
        }
        count.increment();
    }

    long count() {
        return count.sum();
    }
}
