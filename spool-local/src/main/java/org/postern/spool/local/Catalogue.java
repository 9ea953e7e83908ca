// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.postern.spi.spool.RecipientUpdate;

/**
 * The messages that are held in memory. A table whose entries are chained by themselves: for each message that
 * waits it takes four to eight octets besides the entry.
 *
 * <p>Threading: read by all, changed by one thread at a time; its monitor is held for one probe, or for a copy.
 */
final class Catalogue {

    private static final int SMALLEST = 1 << 10;

    // Fibonacci hashing (Knuth, The Art of Computer Programming, volume 3, section 6.4): numbers follow each other
    // closely.
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private Entry[] chains = new Entry[SMALLEST];
    private int size;

    synchronized Optional<Entry> find(long number) {
        Entry entry = chains[chain(number, chains.length)];
        while (entry != null && entry.number() != number) {
            entry = entry.next;
        }
        return Optional.ofNullable(entry);
    }

    private static int chain(long number, int chains) {
        return (int) (number * GOLDEN >>> Long.SIZE - Integer.numberOfTrailingZeros(chains));
    }

    /** Its number is new here. */
    synchronized void add(Entry entry) {
        if (size == chains.length) {
            resize(size << 1);
        }
        link(entry, chains);
        size++;
    }

    private static void link(Entry entry, Entry[] table) {
        int chain = chain(entry.number(), table.length);
        entry.next = table[chain];
        table[chain] = entry;
    }

    private void resize(int length) {
        Entry[] table = new Entry[length];
        for (Entry first : chains) {
            Entry entry = first;
            while (entry != null) {
                Entry next = entry.next;
                link(entry, table);
                entry = next;
            }
        }
        chains = table;
    }

    /** Notes states; the entry, if it is gone by that. */
    Optional<Entry> update(long number, Collection<RecipientUpdate> updates) {
        return find(number).filter(entry -> entry.settledBy(updates)).flatMap(entry -> remove(number));
    }

    Optional<Entry> remove(long number) {
        Optional<Entry> removed = release(number);
        removed.ifPresent(Entry::forget);
        return removed;
    }

    /** Takes an entry out whose message is not gone: its segment needs it further. */
    synchronized Optional<Entry> release(long number) {
        int chain = chain(number, chains.length);
        Entry before = null;
        Entry entry = chains[chain];
        while (entry != null && entry.number() != number) {
            before = entry;
            entry = entry.next;
        }
        if (entry == null) {
            return Optional.empty();
        }
        if (before == null) {
            chains[chain] = entry.next;
        } else {
            before.next = entry.next;
        }
        entry.next = null;
        size--;
        if (size < chains.length >> 3 && chains.length > SMALLEST) {
            resize(chains.length >> 1);
        }
        return Optional.of(entry);
    }

    /** The numbers of all messages, in the order of acceptance. */
    long[] numbers() {
        return entries().stream().mapToLong(Entry::number).sorted().toArray();
    }

    /** How many there are. */
    synchronized int size() {
        return size;
    }

    /** How many of them are like this. */
    synchronized int count(Predicate<Entry> wanted) {
        int count = 0;
        for (Entry first : chains) {
            for (Entry entry = first; entry != null; entry = entry.next) {
                count += wanted.test(entry) ? 1 : 0;
            }
        }
        return count;
    }

    /** All that are there now. */
    Collection<Entry> entries() {
        return entries(entry -> true);
    }

    /** Those of them that are needed: of a million that wait few may be. */
    synchronized Collection<Entry> entries(Predicate<Entry> needed) {
        List<Entry> found = new ArrayList<>();
        for (Entry first : chains) {
            for (Entry entry = first; entry != null; entry = entry.next) {
                if (needed.test(entry)) {
                    found.add(entry);
                }
            }
        }
        return found;
    }
}
