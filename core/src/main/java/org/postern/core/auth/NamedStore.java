// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.postern.spi.credential.LookupAttribute;

/**
 * A store as configurations name it: one service, or two while one takes the place of the other, or none while it is away.
 * Immutable.
 *
 * @param name in lower case
 * @param ranking of the best service, or of the one that was here last
 * @param attributes what it wants to be told beside the key, or wanted when it was here last
 * @param services the highest ranking first
 */
record NamedStore(String name, int ranking, Set<LookupAttribute> attributes, List<BoundedStore> services) {

    static final Comparator<NamedStore> HIGHEST_FIRST = Comparator.comparingInt(NamedStore::ranking)
            .reversed()
            .thenComparingLong(NamedStore::oldestService)
            .thenComparing(NamedStore::name);

    private static final Comparator<BoundedStore> BEST_FIRST =
            Comparator.comparingInt(BoundedStore::ranking).reversed().thenComparingLong(BoundedStore::serviceId);

    NamedStore {
        services = List.copyOf(services);
    }

    /** A name that nobody has answered to yet. */
    static NamedStore absent(String name) {
        return new NamedStore(name, 0, Set.of(), List.of());
    }

    boolean isHere() {
        return !services.isEmpty();
    }

    NamedStore with(BoundedStore arrived) {
        return of(Stream.concat(services.stream(), Stream.of(arrived)).toList());
    }

    NamedStore without(long serviceId) {
        return of(services.stream()
                .filter(service -> service.serviceId() != serviceId)
                .toList());
    }

    private NamedStore of(List<BoundedStore> present) {
        if (present.isEmpty()) {
            return new NamedStore(name, ranking, attributes, present);
        }
        List<BoundedStore> sorted = new ArrayList<>(present);
        sorted.sort(BEST_FIRST);
        Set<LookupAttribute> wanted = EnumSet.noneOf(LookupAttribute.class);
        sorted.forEach(service -> wanted.addAll(service.attributes()));
        return new NamedStore(name, sorted.getFirst().ranking(), Set.copyOf(wanted), sorted);
    }

    private long oldestService() {
        return services.stream().mapToLong(BoundedStore::serviceId).min().orElse(Long.MAX_VALUE);
    }
}
