// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store.meaning;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.postern.spi.settings.ScopeKind;

/** The stanzas that open a scope, and the places in which each may stand. */
enum ScopeWord {
    DOMAIN(
            "Domain",
            EnumSet.of(ScopeKind.GLOBAL, ScopeKind.BINDING, ScopeKind.GROUP, ScopeKind.GROUP_BINDING),
            "outside every stanza, in a Binding or in a Binding_Group"),
    BINDING("Binding", EnumSet.of(ScopeKind.GLOBAL, ScopeKind.GROUP), "outside every stanza or in a Binding_Group"),
    BINDING_GROUP("Binding_Group", EnumSet.of(ScopeKind.GLOBAL), "outside every stanza");

    private final String word;
    private final Set<ScopeKind> places;
    private final String placesInWords;

    ScopeWord(String word, Set<ScopeKind> places, String placesInWords) {
        this.word = word;
        this.places = places;
        this.placesInWords = placesInWords;
    }

    static Optional<ScopeWord> of(String written) {
        return Arrays.stream(values())
                .filter(scope -> scope.word.equalsIgnoreCase(written))
                .findFirst();
    }

    static List<String> names() {
        return Arrays.stream(values()).map(scope -> scope.word).toList();
    }

    boolean mayStandIn(ScopeKind kind) {
        return places.contains(kind);
    }

    String placesInWords() {
        return placesInWords;
    }

    /** The places in which an option is allowed, for people. */
    static String inWords(Set<ScopeKind> kinds) {
        return kinds.stream().sorted().map(ScopeWord::inWords).collect(Collectors.joining(", "));
    }

    private static String inWords(ScopeKind kind) {
        return switch (kind) {
            case GLOBAL -> "outside every stanza";
            case DOMAIN -> "Domain";
            case BINDING -> "Binding";
            case BINDING_DOMAIN -> "Domain in Binding";
            case GROUP -> "Binding_Group";
            case GROUP_DOMAIN -> "Domain in Binding_Group";
            case GROUP_BINDING -> "Binding in Binding_Group";
            case GROUP_BINDING_DOMAIN -> "Domain in Binding in Binding_Group";
        };
    }

    @Override
    public String toString() {
        return word;
    }
}
