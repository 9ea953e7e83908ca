// SPDX-License-Identifier: Apache-2.0
package org.postern.core.operate;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.postern.engine.dto.QueueEntry;

/** How much waits for each destination, and in which states. It grows with the destinations, and not with their mail. */
final class Summary {

    /** A destination, by the binding it is reached by. */
    record Place(String domain, String binding) {}

    /** What waits for one destination. */
    static final class Line {

        private final Place place;
        private final Map<QueueEntry.State, Long> states = new EnumMap<>(QueueEntry.State.class);
        private QueueEntry oldest;
        private long entries;

        private Line(Place place) {
            this.place = place;
        }

        private void add(QueueEntry entry) {
            entries++;
            states.merge(entry.state(), 1L, Long::sum);
            if (oldest == null || entry.received().isBefore(oldest.received())) {
                oldest = entry;
            }
        }

        Place place() {
            return place;
        }

        long entries() {
            return entries;
        }

        /** How many entries are in each state that there is. */
        Map<QueueEntry.State, Long> states() {
            return states;
        }

        QueueEntry oldest() {
            return oldest;
        }
    }

    private final Map<Place, Line> lines = new HashMap<>();

    void add(QueueEntry entry) {
        lines.computeIfAbsent(new Place(entry.domain(), entry.binding()), Line::new)
                .add(entry);
    }

    /** The one with most mail first. */
    List<Line> lines() {
        return lines.values().stream()
                .sorted(Comparator.comparingLong(Line::entries)
                        .reversed()
                        .thenComparing(line -> line.place().domain())
                        .thenComparing(line -> line.place().binding()))
                .toList();
    }
}
