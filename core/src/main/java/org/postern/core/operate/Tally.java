// SPDX-License-Identifier: Apache-2.0
package org.postern.core.operate;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.postern.engine.dto.QueueEntry;

/**
 * How much mail is meant. What it remembers grows with the destinations and with the messages in memory, and not with those
 * that wait in the spool alone: all entries of such a message come one after another.
 */
final class Tally {

    private final Set<String> inMemory = new HashSet<>();
    private final Set<String> destinations = new HashSet<>();
    private String lastInSpool = "";
    private long entries;
    private long messages;
    private long octets;

    void add(QueueEntry entry) {
        entries++;
        destinations.add(entry.domain());
        if (isNew(entry)) {
            messages++;
            octets += entry.size();
        }
    }

    private boolean isNew(QueueEntry entry) {
        if (entry.inMemory()) {
            return inMemory.add(entry.id());
        }
        boolean other = !entry.id().equals(lastInSpool);
        lastInSpool = entry.id();
        return other;
    }

    long entries() {
        return entries;
    }

    @Override
    public String toString() {
        return entries == 0
                ? "nothing waits"
                : counted(entries, "entry", "entries") + " of " + counted(messages, "message", "messages") + " for "
                        + counted(destinations.size(), "destination", "destinations") + ", " + QueueText.size(octets);
    }

    private static String counted(long count, String one, String many) {
        return String.format(Locale.ROOT, "%,d %s", count, count == 1 ? one : many);
    }
}
