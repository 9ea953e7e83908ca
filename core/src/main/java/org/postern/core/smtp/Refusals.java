// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Peers that cannot do what they offer, or have something before them that cannot. They are remembered for an hour. Safe for
 * many threads.
 */
final class Refusals {

    /** How long, for a peer that is mended, or was only out of sorts. */
    static final Duration REMEMBERED = Duration.ofHours(1);

    private static final int MOST = 1_000;

    private final LongSupplier nanoTime;
    private final Map<Endpoint, Long> since = new LinkedHashMap<>();

    /** @param nanoTime as {@link System#nanoTime} */
    Refusals(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    synchronized void add(Endpoint peer) {
        since.remove(peer);
        since.put(peer, nanoTime.getAsLong());
        if (since.size() > MOST) {
            Iterator<Endpoint> oldest = since.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    synchronized boolean contains(Endpoint peer) {
        Long then = since.get(peer);
        if (then != null && nanoTime.getAsLong() - then > REMEMBERED.toNanos()) {
            since.remove(peer);
            return false;
        }
        return then != null;
    }
}
