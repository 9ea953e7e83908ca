// SPDX-License-Identifier: Apache-2.0
package org.postern.core.scope;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.postern.spi.mail.Binding;
import org.postern.spi.mail.RoutingDomain;
import org.postern.spi.settings.ScopePath;
import org.postern.spi.settings.SettingsSnapshot;
import org.postern.spi.settings.SettingsSnapshot.DomainPattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One snapshot prepared for many questions, and the answers to the latest of them. Safe for many threads. */
final class ScopeTable {

    private static final Logger LOG = LoggerFactory.getLogger(ScopeTable.class);

    private final SettingsSnapshot snapshot;
    private final Options options;
    /** By every place that holds {@code Domain} stanzas, with or without patterns among them. */
    private final Map<ScopePath, List<PreparedPattern>> containers = new HashMap<>();

    private final Set<String> givenUp = ConcurrentHashMap.newKeySet();
    private final Recent<Pair, Resolution> resolutions;
    private final Recent<Binding, BindingPart> bindings;
    private final Recent<RoutingDomain, Layer> domains;

    private record Pair(Binding binding, RoutingDomain domain) {}

    /**
     * A pattern that is searched for only in names that can match.
     *
     * @param place its own place
     * @param required what every name has that it matches
     */
    private record PreparedPattern(ScopePath place, String required, DomainPattern pattern) {}

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
        this.resolutions = new Recent<>(limit);
        this.bindings = new Recent<>(limit);
        this.domains = new Recent<>(limit);
        snapshot.places().stream()
                .filter(place -> place.domain().isPresent())
                .map(ScopePath::container)
                .forEach(container -> containers.computeIfAbsent(container, this::prepared));
    }

    private List<PreparedPattern> prepared(ScopePath container) {
        return snapshot.patternsIn(container).stream()
                .map(pattern -> new PreparedPattern(
                        container.withDomain(pattern.text()), RequiredText.of(pattern.pattern()), pattern))
                .toList();
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

    Resolution resolve(Binding binding, RoutingDomain domain) {
        return resolutions.get(new Pair(binding, domain), this::resolve);
    }

    private Resolution resolve(Pair pair) {
        Binding binding = pair.binding();
        RoutingDomain domain = pair.domain();
        BindingPart part = bindings.get(binding, this::part);
        return new Resolution(
                this,
                binding,
                domain,
                layer(ScopeResolver.placesOfBoth(this, part.containers(), domain)),
                part.layer(),
                domains.get(domain, of -> layer(ScopeResolver.placesOfDomain(this, of))));
    }

    private BindingPart part(Binding binding) {
        return new BindingPart(
                layer(ScopeResolver.placesOfBinding(this, binding)),
                ScopeResolver.containers(binding).stream()
                        .filter(containers::containsKey)
                        .toList());
    }

    private Layer layer(List<ScopePath> places) {
        return Layer.of(snapshot, options, places);
    }

    /** Whether the configuration has the place. */
    boolean has(ScopePath place) {
        return snapshot.hasAnyAt(place);
    }

    /** The places of a container that cover a domain: the exact name, then patterns in the order of the file. */
    List<ScopePath> covering(ScopePath container, RoutingDomain domain) {
        List<PreparedPattern> prepared = containers.get(container);
        if (prepared == null) {
            return List.of();
        }
        List<ScopePath> places = new ArrayList<>();
        ScopePath exact = container.withDomain(domain.name());
        if (has(exact)) {
            places.add(exact);
        }
        for (PreparedPattern each : prepared) {
            if (domain.name().contains(each.required()) && covers(each.pattern(), domain)) {
                places.add(each.place());
            }
        }
        return places;
    }

    private boolean covers(DomainPattern pattern, RoutingDomain domain) {
        return switch (pattern.search(domain.name())) {
            case FOUND -> true;
            case ABSENT -> false;
            case GIVEN_UP -> {
                report(pattern, domain);
                yield false;
            }
        };
    }

    private void report(DomainPattern pattern, RoutingDomain domain) {
        if (givenUp.add(pattern.text())) {
            LOG.warn(
                    "{}: the pattern takes too long on names such as {} and counts as not matching them;"
                            + " write it without a repetition inside a repetition",
                    pattern.origin(),
                    domain);
        }
    }
}
