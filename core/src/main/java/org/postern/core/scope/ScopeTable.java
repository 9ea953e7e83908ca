// SPDX-License-Identifier: Apache-2.0
package org.postern.core.scope;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.postern.spi.mail.Binding;
import org.postern.spi.mail.RoutingDomain;
import org.postern.spi.settings.ScopePath;
import org.postern.spi.settings.SettingsSnapshot;

/** One snapshot prepared for many questions, and the answers to the latest of them. Safe for many threads. */
final class ScopeTable {

    private final SettingsSnapshot snapshot;
    private final Options options;
    /** By every place that holds {@code Domain} stanzas. */
    private final Map<ScopePath, DomainStanzas> containers = new HashMap<>();

    private final Recent<Binding, BindingPart> bindings;
    private final Recent<RoutingDomain, Layer> domains;
    private final Recent<Pair, Layer> pairs;
    private final Recent<List<ScopePath>, Layer> layers;
    private final Recent<Derivation, Object> derived;

    private record Pair(Binding binding, RoutingDomain domain) {}

    private record Derivation(Binding binding, RoutingDomain domain, Class<?> type) {}

    /**
     * What is worked out once for a binding.
     *
     * @param layer what it says itself
     * @param containers the places of it that hold {@code Domain} stanzas, strongest first; for most bindings none
     */
    private record BindingPart(Layer layer, List<ScopePath> containers) {}

    /** @param limit how many answers are remembered at most */
    ScopeTable(SettingsSnapshot snapshot, int limit) {
        this.snapshot = snapshot;
        this.options = new Options(snapshot);
        this.bindings = new Recent<>(limit);
        this.domains = new Recent<>(limit);
        this.pairs = new Recent<>(limit);
        this.layers = new Recent<>(limit);
        this.derived = new Recent<>(limit);
        snapshot.places().stream()
                .filter(place -> place.domain().isPresent())
                .forEach(place -> containers
                        .computeIfAbsent(place.container(), container -> new DomainStanzas(snapshot, container))
                        .add(place));
    }

    boolean isOf(SettingsSnapshot other) {
        return snapshot == other;
    }

    SettingsSnapshot snapshot() {
        return snapshot;
    }

    Options options() {
        return options;
    }

    // Not kept as a whole: pairs are so many that most are new, and their parts are not.
    Resolution resolve(Binding binding, RoutingDomain domain) {
        BindingPart part = bindings.get(binding, this::part);
        return new Resolution(
                this,
                binding,
                domain,
                part.containers().isEmpty() ? Layer.SILENT : pairs.get(new Pair(binding, domain), this::ofBoth),
                part.layer(),
                domains.get(domain, this::ofDomain));
    }

    private Layer ofBoth(Pair pair) {
        BindingPart part = bindings.get(pair.binding(), this::part);
        return layer(ScopeResolver.placesOfBoth(this, part.containers(), pair.domain()));
    }

    private Layer ofDomain(RoutingDomain domain) {
        return layer(ScopeResolver.placesOfDomain(this, domain));
    }

    private BindingPart part(Binding binding) {
        return new BindingPart(
                layer(ScopeResolver.placesOfBinding(this, binding)),
                ScopeResolver.containers(binding).stream()
                        .filter(containers::containsKey)
                        .toList());
    }

    // Kept by what it is made of as well: most domains that no stanza names have the same one.
    private Layer layer(List<ScopePath> places) {
        return layers.get(places, strongestFirst -> Layer.of(snapshot, options, strongestFirst));
    }

    /** What a stage has made of a resolution, or makes now. */
    Object derived(Resolution of, Class<?> type, Function<Resolution, ?> make) {
        return derived.get(new Derivation(of.binding(), of.domain(), type), unknown -> make.apply(of));
    }

    /** Whether the configuration has the place. */
    boolean has(ScopePath place) {
        return snapshot.hasAnyAt(place);
    }

    /** Adds the places of a container that cover a domain: the exact name, then patterns in the order of the file. */
    void addCovering(ScopePath container, RoutingDomain domain, List<ScopePath> places) {
        DomainStanzas stanzas = containers.get(container);
        if (stanzas != null) {
            stanzas.addCovering(domain, places);
        }
    }
}
