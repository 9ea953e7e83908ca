// SPDX-License-Identifier: Apache-2.0
package org.postern.core.scope;

import java.util.ArrayList;
import java.util.List;
import org.postern.spi.mail.Binding;
import org.postern.spi.mail.RoutingDomain;
import org.postern.spi.settings.ScopePath;
import org.postern.spi.settings.SettingsSnapshot;

/**
 * The only owner of precedence. Per option, the first of these places that speaks wins: the domain in the binding in the
 * group, the domain in the binding, the domain in the group, the binding, the group, the domain, the global place; and
 * then the default. Inside one container the stanza with the exact name comes before patterns, which come in the order
 * of the file; a pattern that matches and is silent on the option leaves it to the next.
 *
 * <p>Threading: safe for many threads; never blocks.
 */
public final class ScopeResolver {

    private final int limit;
    private volatile ScopeTable table;

    /** A resolver that remembers up to 32,768 pairs of binding and domain. */
    public ScopeResolver() {
        this(32_768);
    }

    /** @param limit how many pairs of binding and domain are remembered at most */
    public ScopeResolver(int limit) {
        this.limit = limit;
        this.table = new ScopeTable(SettingsSnapshot.empty(), limit);
    }

    /** Every option as it holds for this binding and routing domain. Cheap; ask again rather than keep the answer. */
    public Resolution resolve(SettingsSnapshot snapshot, Binding binding, RoutingDomain domain) {
        ScopeTable current = table;
        if (!current.isOf(snapshot)) {
            current = new ScopeTable(snapshot, limit);
            table = current;
        }
        return current.resolve(binding, domain);
    }

    /** All places that the configuration has for a message, strongest first. */
    static List<ScopePath> places(ScopeTable table, Binding binding, RoutingDomain domain) {
        List<ScopePath> places = new ArrayList<>();
        places.addAll(placesOfBoth(table, containers(binding), domain));
        places.addAll(placesOfBinding(table, binding));
        places.addAll(placesOfDomain(table, domain));
        return places;
    }

    /** The places of a binding and its group, strongest first: each speaks itself and may hold {@code Domain} stanzas. */
    static List<ScopePath> containers(Binding binding) {
        ScopePath group = ScopePath.ofGroup(binding.group().name());
        return List.of(group.withBinding(binding.name()), ScopePath.ofBinding(binding.name()), group);
    }

    /** The strongest: those that name the domain inside the binding or its group. */
    static List<ScopePath> placesOfBoth(ScopeTable table, List<ScopePath> containers, RoutingDomain domain) {
        if (containers.isEmpty()) {
            return List.of();
        }
        List<ScopePath> places = new ArrayList<>();
        containers.forEach(container -> table.addCovering(container, domain, places));
        return places;
    }

    /** The next: those of the binding and its group themselves. */
    static List<ScopePath> placesOfBinding(ScopeTable table, Binding binding) {
        return containers(binding).stream().filter(table::has).toList();
    }

    /** The weakest: those that cover the domain whatever the binding is, and the global one. */
    static List<ScopePath> placesOfDomain(ScopeTable table, RoutingDomain domain) {
        List<ScopePath> places = new ArrayList<>();
        table.addCovering(ScopePath.GLOBAL, domain, places);
        if (table.has(ScopePath.GLOBAL)) {
            places.add(ScopePath.GLOBAL);
        }
        return places;
    }
}
