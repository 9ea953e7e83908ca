// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store.migrate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What an operator should know before the move, each thing once with all its places. Not safe for several threads. */
final class Findings {

    /** What it asks of the operator. */
    enum Kind {
        /** Something has to be done. */
        HAND("needs a hand"),
        /** Nothing has to be done; it works otherwise than it did. */
        OTHERWISE("otherwise"),
        /** It is without effect. */
        IGNORED("not used here");

        private final String title;

        Kind(String title) {
            this.title = title;
        }

        String title() {
            return title;
        }
    }

    /**
     * One thing.
     *
     * @param kind what it asks for
     * @param text what it is
     * @param hint what to do, if anything can be said
     */
    record Finding(Kind kind, String text, Optional<String> hint) {}

    private final Map<Finding, List<String>> places = new LinkedHashMap<>();

    void add(Kind kind, Object place, String text, Optional<String> hint) {
        places.computeIfAbsent(new Finding(kind, text, hint), ignored -> new ArrayList<>())
                .add(place.toString());
    }

    void add(Kind kind, Object place, String text, String hint) {
        add(kind, place, text, Optional.of(hint));
    }

    /** All of them with their places, in the order in which they were found. */
    Map<Finding, List<String>> all() {
        return places;
    }

    /** How many places are of this kind. */
    int count(Kind kind) {
        return places.entrySet().stream()
                .filter(entry -> entry.getKey().kind() == kind)
                .mapToInt(entry -> entry.getValue().size())
                .sum();
    }
}
