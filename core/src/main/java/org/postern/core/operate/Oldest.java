// SPDX-License-Identifier: Apache-2.0
package org.postern.core.operate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.postern.engine.dto.QueueEntry;

/** Of all entries that it is given the oldest, and no more than so many. */
final class Oldest {

    private static final Comparator<QueueEntry> BY_AGE =
            Comparator.comparing(QueueEntry::received).thenComparing(QueueEntry::id);

    private final int most;

    /** The youngest first: the one that has to go when an older one comes. */
    private final PriorityQueue<QueueEntry> kept = new PriorityQueue<>(BY_AGE.reversed());

    Oldest(int most) {
        this.most = most;
    }

    void add(QueueEntry entry) {
        if (kept.size() < most) {
            kept.add(entry);
        } else if (most > 0 && BY_AGE.compare(entry, kept.peek()) < 0) {
            kept.poll();
            kept.add(entry);
        }
    }

    /** The oldest first. */
    List<QueueEntry> inOrder() {
        List<QueueEntry> ordered = new ArrayList<>(kept);
        ordered.sort(BY_AGE);
        return ordered;
    }
}
