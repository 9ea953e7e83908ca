// SPDX-License-Identifier: Apache-2.0
package org.postern.core.scope;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Remembers what was asked for last. Two generations of at most {@code limit} entries each: what is still asked for moves to
 * the young one, the old one is dropped whole when the young one is full. No lock, no clock; safe for many threads.
 */
final class Recent<K, V> {

    private final int limit;
    private volatile Pages<K, V> pages = new Pages<>(Map.of());

    Recent(int limit) {
        this.limit = limit;
    }

    V get(K key, Function<K, V> compile) {
        Pages<K, V> current = pages;
        V known = current.young.get(key);
        if (known != null) {
            return known;
        }
        V older = current.old.get(key);
        V found = older == null ? compile.apply(key) : older;
        current.young.put(key, found);
        if (current.young.size() >= limit) {
            pages = new Pages<>(current.young);
        }
        return found;
    }

    int size() {
        return pages.young.size() + pages.old.size();
    }

    private static final class Pages<K, V> {

        private final Map<K, V> young = new ConcurrentHashMap<>();
        private final Map<K, V> old;

        Pages(Map<K, V> old) {
            this.old = old;
        }
    }
}
