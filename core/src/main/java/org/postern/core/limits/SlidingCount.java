// SPDX-License-Identifier: Apache-2.0
package org.postern.core.limits;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/**
 * How many there were in the last so much time. Time is cut into sixtieths of the window; what happened counts until the
 * whole sixtieth that it fell into is older than the window, so that the count is never too low.
 *
 * <p>Guarded by its owner's lock.
 */
final class SlidingCount {

    private static final int PARTS = 60;

    private final Duration window;
    private final long partMillis;
    private final int slack;
    private final TreeMap<Long, Long> parts = new TreeMap<>();
    private long total;

    /** @param shared whether several clocks count, which agree to a sixtieth and no better */
    SlidingCount(Duration window, boolean shared) {
        this.window = window;
        this.partMillis = Math.max(1, window.toMillis() / PARTS);
        this.slack = shared ? 1 : 0;
    }

    /** As it was kept: counts by the number of their sixtieth. */
    SlidingCount(Duration window, Map<Long, Long> kept, boolean shared) {
        this(window, shared);
        kept.forEach(this::plus);
    }

    TreeMap<Long, Long> parts() {
        return parts;
    }

    long at(Instant now) {
        forget(now);
        return total;
    }

    void add(long count, Instant now) {
        forget(now);
        plus(part(now), count);
    }

    /** The newest were none after all. */
    void takeBack(long count) {
        long left = Math.min(count, total);
        total -= left;
        while (left > 0) {
            Map.Entry<Long, Long> newest = parts.lastEntry();
            long taken = Math.min(left, newest.getValue());
            left -= taken;
            if (taken == newest.getValue()) {
                parts.remove(newest.getKey());
            } else {
                parts.put(newest.getKey(), newest.getValue() - taken);
            }
        }
    }

    /** When the count will have come down to this, if nothing is added. */
    Instant downTo(long count, Instant now) {
        forget(now);
        long left = total;
        for (Map.Entry<Long, Long> part : parts.entrySet()) {
            if (left <= count) {
                break;
            }
            left -= part.getValue();
            if (left <= count) {
                return end(part.getKey());
            }
        }
        return now;
    }

    private void plus(long part, long count) {
        parts.merge(part, count, Long::sum);
        total += count;
    }

    private long part(Instant now) {
        return Math.floorDiv(now.toEpochMilli(), partMillis);
    }

    private Instant end(long part) {
        return Instant.ofEpochMilli((part + 1 + slack) * partMillis).plus(window);
    }

    private void forget(Instant now) {
        comeBackFromTheFuture(part(now));
        while (!parts.isEmpty() && !end(parts.firstKey()).isAfter(now)) {
            total -= parts.pollFirstEntry().getValue();
        }
    }

    // A clock that was set back must not keep a limit shut for longer than its window.
    private void comeBackFromTheFuture(long current) {
        if (parts.isEmpty() || parts.lastKey() <= current + slack) {
            return;
        }
        long ahead = parts.lastKey() - current;
        TreeMap<Long, Long> moved = new TreeMap<>();
        parts.forEach((part, count) -> moved.put(part - ahead, count));
        parts.clear();
        parts.putAll(moved);
    }
}
