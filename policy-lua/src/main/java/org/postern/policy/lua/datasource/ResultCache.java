// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.datasource;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Answers that are still good. The oldest goes when there are too many. An answer without rows is not kept: an account
 * that is added must work at once.
 *
 * <p>Threading: any thread.
 */
final class ResultCache {

    private record Entry(Rows rows, long since) {}

    private final long life;
    private final int size;
    private final LongSupplier ticks;
    private final Map<Query, Entry> entries = new LinkedHashMap<>();

    /** @param ticks nanoseconds of a clock that never goes back */
    ResultCache(int size, Duration life, LongSupplier ticks) {
        this.size = size;
        this.life = life.toNanos();
        this.ticks = ticks;
    }

    synchronized Optional<Rows> get(Query query) {
        Entry entry = entries.get(query);
        if (entry != null && ticks.getAsLong() - entry.since() >= life) {
            entries.remove(query);
            return Optional.empty();
        }
        return Optional.ofNullable(entry).map(Entry::rows);
    }

    synchronized void put(Query query, Rows rows) {
        entries.remove(query);
        if (!rows.values().isEmpty() && size > 0) {
            entries.put(query, new Entry(rows, ticks.getAsLong()));
            for (Iterator<Query> oldest = entries.keySet().iterator(); entries.size() > size; ) {
                oldest.next();
                oldest.remove();
            }
        }
    }

    synchronized void forget(Query query) {
        entries.remove(query);
    }

    synchronized void clear() {
        entries.clear();
    }
}
