// SPDX-License-Identifier: Apache-2.0
package org.postern.core.scope;

import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.postern.spi.mail.RoutingDomain;
import org.postern.spi.settings.ScopePath;
import org.postern.spi.settings.SettingsSnapshot;

/**
 * The {@code Domain} stanzas that stand directly in one container, prepared for being asked which of them cover a domain.
 *
 * <p>Threading: safe for many threads, once all names are there.
 */
final class DomainStanzas {

    private final Map<String, ScopePath> named = new HashMap<>();
    private final List<PatternStanza> patterns;
    private final TextIndex texts;

    /** Those with patterns; those with names are added. */
    DomainStanzas(SettingsSnapshot snapshot, ScopePath container) {
        patterns = snapshot.patternsIn(container).stream()
                .map(pattern -> new PatternStanza(container.withDomain(pattern.text()), pattern))
                .toList();
        texts = new TextIndex(patterns.stream().map(PatternStanza::required).toList());
    }

    /** @param place of a stanza in this container, with a name or with a pattern; a pattern is no domain's name */
    void add(ScopePath place) {
        named.put(place.domain().orElseThrow(), place);
    }

    /** Adds the places that cover a domain: the exact name, then patterns in the order of the file. */
    void addCovering(RoutingDomain domain, List<ScopePath> places) {
        ScopePath exact = named.get(domain.name());
        if (exact != null) {
            places.add(exact);
        }
        BitSet possible = texts.candidates(domain.name());
        for (int i = possible.nextSetBit(0); i >= 0; i = possible.nextSetBit(i + 1)) {
            if (patterns.get(i).covers(domain)) {
                places.add(patterns.get(i).place());
            }
        }
    }
}
