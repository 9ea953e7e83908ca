// SPDX-License-Identifier: Apache-2.0
package org.postern.core.scope;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postern.spi.mail.Binding;
import org.postern.spi.mail.RoutingDomain;
import org.postern.spi.settings.ScopePath;
import org.postern.spi.settings.SettingsSnapshot;
import org.postern.spi.settings.SettingsSnapshot.DomainPattern;

/**
 * The only owner of precedence. Per option, the first of these places that speaks wins: the domain in the binding in the
 * group, the domain in the binding, the domain in the group, the binding, the group, the domain, the global place; and
 * then the default. Inside one container the stanza with the exact name comes before patterns, which come in the order
 * of the file; a pattern that matches and is silent on the option leaves it to the next.
 *
 * <p>Threading: safe for many threads; never blocks.
 */
public final class ScopeResolver {

    private final ResolutionCache cache;

    /** A resolver that remembers up to 32,768 pairs of binding and domain. */
    public ScopeResolver() {
        this(32_768);
    }

    /** @param limit how many pairs of binding and domain are remembered at most */
    public ScopeResolver(int limit) {
        this.cache = new ResolutionCache(limit);
    }

    /** Every option as it holds for this binding and routing domain. Cheap; ask again rather than keep the answer. */
    public Resolution resolve(SettingsSnapshot snapshot, Binding binding, RoutingDomain domain) {
        return cache.get(snapshot, binding, domain, () -> new Resolution(snapshot, places(snapshot, binding, domain)));
    }

    private static List<ScopePath> places(SettingsSnapshot snapshot, Binding binding, RoutingDomain domain) {
        Optional<String> group = Optional.of(binding.group().name());
        Optional<String> name = Optional.of(binding.name());
        Optional<String> none = Optional.empty();
        ScopePath grouped = new ScopePath(group, name, none);
        ScopePath ungrouped = new ScopePath(none, name, none);
        ScopePath whole = new ScopePath(group, none, none);
        List<ScopePath> places = new ArrayList<>();
        addDomains(places, snapshot, grouped, domain);
        addDomains(places, snapshot, ungrouped, domain);
        addDomains(places, snapshot, whole, domain);
        add(places, snapshot, grouped);
        add(places, snapshot, ungrouped);
        add(places, snapshot, whole);
        addDomains(places, snapshot, ScopePath.GLOBAL, domain);
        add(places, snapshot, ScopePath.GLOBAL);
        return places;
    }

    private static void addDomains(
            List<ScopePath> places, SettingsSnapshot snapshot, ScopePath container, RoutingDomain domain) {
        add(places, snapshot, container.withDomain(domain.name()));
        for (DomainPattern pattern : snapshot.patternsIn(container)) {
            if (pattern.matches(domain.name())) {
                add(places, snapshot, container.withDomain(pattern.text()));
            }
        }
    }

    private static void add(List<ScopePath> places, SettingsSnapshot snapshot, ScopePath place) {
        if (snapshot.hasAnyAt(place) && !places.contains(place)) {
            places.add(place);
        }
    }
}
