// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.postern.spi.spool.RecipientUpdate;

/** All messages that are in the log and not settled. Threading: read by all, changed by one thread at a time. */
final class Catalogue {

    private final ConcurrentHashMap<Long, Entry> entries = new ConcurrentHashMap<>();

    Optional<Entry> find(long number) {
        return Optional.ofNullable(entries.get(number));
    }

    void add(Entry entry) {
        entries.put(entry.number(), entry);
    }

    /** Notes states; the entry, if it is gone by that. */
    Optional<Entry> update(long number, Collection<RecipientUpdate> updates) {
        Entry entry = entries.get(number);
        return entry != null && entry.settledBy(updates) ? remove(number) : Optional.empty();
    }

    Optional<Entry> remove(long number) {
        Entry entry = entries.remove(number);
        if (entry != null) {
            entry.forget();
        }
        return Optional.ofNullable(entry);
    }

    /** The numbers of all messages, in the order of acceptance. */
    long[] numbers() {
        return entries.keySet().stream().mapToLong(Long::longValue).sorted().toArray();
    }

    Collection<Entry> entries() {
        return entries.values();
    }
}
