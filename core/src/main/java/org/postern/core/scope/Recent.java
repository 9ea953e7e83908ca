// SPDX-License-Identifier: Apache-2.0
package org.postern.core.scope;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Remembers what was asked for last, in a table that never grows. The hash of a key names two slots side by side: a new
 * answer takes the first, what stood there moves to the second, and what stood in the second is forgotten. No lock, no
 * clock; safe for many threads, of which two may work out the same answer at once.
 *
 * <p>It is no map with a limit, because an answer that is asked for once has to cost little: no node beside it, no
 * counting, no table to enlarge and then to drop.
 */
final class Recent<K, V> {

    private static final int GOLDEN_RATIO = 0x9E3779B9;

    private final AtomicReferenceArray<Entry<K, V>> slots;
    private final int shift;

    private record Entry<K, V>(int hash, K key, V value) {}

    /** @param limit how many answers are remembered at most, in full pairs of slots up to the next power of two */
    Recent(int limit) {
        int bits = Math.max(1, Integer.SIZE - Integer.numberOfLeadingZeros(limit - 1));
        slots = new AtomicReferenceArray<>(1 << bits);
        shift = Integer.SIZE - bits;
    }

    V get(K key, Function<K, V> compile) {
        int hash = key.hashCode();
        int first = hash * GOLDEN_RATIO >>> shift & ~1;
        Entry<K, V> young = slots.get(first);
        if (isOf(young, hash, key)) {
            return young.value();
        }
        Entry<K, V> old = slots.get(first + 1);
        if (isOf(old, hash, key)) {
            return old.value();
        }
        V value = compile.apply(key);
        slots.setRelease(first + 1, young);
        slots.setRelease(first, new Entry<>(hash, key, value));
        return value;
    }

    // The hash is compared first, so that the key of somebody else, which is seldom in a cache, is not read.
    private static <K, V> boolean isOf(Entry<K, V> entry, int hash, K key) {
        return entry != null && entry.hash() == hash && entry.key().equals(key);
    }

    int size() {
        return (int) IntStream.range(0, slots.length())
                .filter(slot -> slots.get(slot) != null)
                .count();
    }
}
