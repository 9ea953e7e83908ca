// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.msys;

import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counters by path. All scripts and all their instances have the same ones, which is what makes them of use; they begin
 * with the bundle and end with it.
 *
 * <p>Threading: safe for many threads.
 */
public final class Counters {

    /** A script that makes up paths must not fill the memory of the process. */
    private static final int MOST = 1_000;

    private final ConcurrentMap<String, AtomicLong> byPath = new ConcurrentHashMap<>();

    /** No counters. */
    public Counters() {}

    /** The counter of this path, which is made where there is none; nothing where there are too many already. */
    Optional<AtomicLong> open(String path) {
        AtomicLong known = byPath.get(path);
        if (known == null && byPath.size() >= MOST) {
            return Optional.empty();
        }
        return Optional.of(known == null ? byPath.computeIfAbsent(path, fresh -> new AtomicLong()) : known);
    }

    /** What stands in the counter of this path; 0 where there is none. */
    long read(String path) {
        AtomicLong known = byPath.get(path);
        return known == null ? 0 : known.get();
    }

    /** Takes a counter away. Whoever holds it counts on by himself. */
    void unlink(String path) {
        byPath.remove(path);
    }
}
