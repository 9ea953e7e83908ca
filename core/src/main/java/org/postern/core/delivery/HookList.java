// SPDX-License-Identifier: Apache-2.0
package org.postern.core.delivery;

import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * Hooks of one kind, in the order of their ranking, highest first; of equal ranking the older service comes first.
 *
 * <p>Threading: safe for many threads.
 *
 * @param <H> the kind of hook
 */
final class HookList<H> {

    private final ConcurrentSkipListSet<Registered<H>> hooks =
            new ConcurrentSkipListSet<>(Comparator.<Registered<H>>comparingInt(Registered::ranking)
                    .reversed()
                    .thenComparingLong(Registered::serviceId));

    private record Registered<H>(H hook, int ranking, long serviceId) {}

    void bind(H hook, int ranking, long serviceId) {
        hooks.add(new Registered<>(hook, ranking, serviceId));
    }

    void unbind(long serviceId) {
        hooks.removeIf(registered -> registered.serviceId() == serviceId);
    }

    boolean isEmpty() {
        return hooks.isEmpty();
    }

    /** Those that are there now. */
    List<H> inOrder() {
        return hooks.stream().map(Registered::hook).toList();
    }
}
