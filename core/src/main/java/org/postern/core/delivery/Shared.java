// SPDX-License-Identifier: Apache-2.0
package org.postern.core.delivery;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Of things that are equal, one: what a million waiting messages have in common need not be kept a million times.
 *
 * <p>Threading: safe for many threads.
 */
final class Shared<T> {

    private static final int MOST = 10_000;

    private final Map<T, T> known = new ConcurrentHashMap<>();

    /** The one that stands for all that are equal to it. Where they become many, it begins anew. */
    T of(T one) {
        if (known.size() > MOST) {
            known.clear();
        }
        return known.computeIfAbsent(one, same -> same);
    }
}
