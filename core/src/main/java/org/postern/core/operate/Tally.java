// SPDX-License-Identifier: Apache-2.0
package org.postern.core.operate;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.postern.engine.dto.QueueEntry;

/**
 * How much mail is meant.
 *
 * @param entries entries
 * @param messages messages
 * @param destinations routing domains
 * @param octets of content, each message counted once
 */
record Tally(long entries, long messages, long destinations, long octets) {

    static Tally of(List<QueueEntry> entries) {
        Map<String, Long> sizes = new HashMap<>();
        entries.forEach(entry -> sizes.put(entry.id(), entry.size()));
        return new Tally(
                entries.size(),
                sizes.size(),
                entries.stream().map(QueueEntry::domain).distinct().count(),
                sizes.values().stream().mapToLong(Long::longValue).sum());
    }

    @Override
    public String toString() {
        return entries == 0
                ? "nothing waits"
                : counted(entries, "entry", "entries") + " of " + counted(messages, "message", "messages") + " for "
                        + counted(destinations, "destination", "destinations") + ", " + QueueText.size(octets);
    }

    private static String counted(long count, String one, String many) {
        return String.format(Locale.ROOT, "%,d %s", count, count == 1 ? one : many);
    }
}
