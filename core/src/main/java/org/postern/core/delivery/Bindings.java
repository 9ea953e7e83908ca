// SPDX-License-Identifier: Apache-2.0
package org.postern.core.delivery;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.postern.core.scope.OutboundSettings;
import org.postern.spi.mail.Binding;
import org.postern.spi.mail.BindingGroup;
import org.postern.spi.mail.RoutingDomain;
import org.postern.spi.settings.ScopePath;
import org.postern.spi.settings.SettingsSnapshot;

/**
 * The bindings that the configuration declares, and {@code default}. A name that is declared in several groups stands for
 * the one outside groups, or in the first group by name.
 *
 * <p>Threading: safe for many threads.
 */
@Singleton
final class Bindings {

    private final CurrentSettings settings;
    private final AtomicInteger turn = new AtomicInteger();
    private volatile Index index = Index.of(SettingsSnapshot.empty());

    @Inject
    Bindings(CurrentSettings settings) {
        this.settings = settings;
    }

    private record Index(SettingsSnapshot snapshot, Map<String, Binding> byName, Map<String, List<Binding>> byGroup) {

        static Index of(SettingsSnapshot snapshot) {
            Map<String, Binding> byName = new HashMap<>(Map.of(Binding.DEFAULT.name(), Binding.DEFAULT));
            Map<String, List<Binding>> byGroup = new HashMap<>();
            snapshot.places().stream()
                    .filter(place -> place.binding().isPresent())
                    .map(Index::binding)
                    .distinct()
                    .sorted(Comparator.comparing((Binding it) -> !it.group().equals(BindingGroup.DEFAULT))
                            .thenComparing(it -> it.group().name())
                            .thenComparing(Binding::name))
                    .forEach(binding -> {
                        byName.putIfAbsent(binding.name(), binding);
                        byGroup.computeIfAbsent(binding.group().name(), ignored -> new ArrayList<>())
                                .add(binding);
                    });
            return new Index(snapshot, byName, byGroup);
        }

        private static Binding binding(ScopePath place) {
            return new Binding(
                    place.group().map(BindingGroup::new).orElse(BindingGroup.DEFAULT),
                    place.binding().orElseThrow());
        }
    }

    /** Whether there is a configuration to look into. */
    boolean known() {
        return settings.snapshot().isPresent();
    }

    /** The binding of this name, if there is one. */
    Optional<Binding> named(String name) {
        return Optional.ofNullable(index().byName().get(name));
    }

    /** One binding of a group, each in its turn; those whose mail for this domain is suspended only if all are. */
    Optional<Binding> anyOf(String group, RoutingDomain domain) {
        List<Binding> all = index().byGroup().getOrDefault(group, List.of());
        List<Binding> working = all.stream()
                .filter(binding -> !settings.resolve(binding, domain)
                        .get(OutboundSettings.SUSPEND_DELIVERY)
                        .orThrow())
                .toList();
        List<Binding> candidates = working.isEmpty() ? all : working;
        return candidates.isEmpty()
                ? Optional.empty()
                : Optional.of(candidates.get(Math.floorMod(turn.getAndIncrement(), candidates.size())));
    }

    private Index index() {
        SettingsSnapshot current = settings.snapshot().orElseGet(SettingsSnapshot::empty);
        Index known = index;
        if (known.snapshot() != current) {
            known = Index.of(current);
            index = known;
        }
        return known;
    }
}
