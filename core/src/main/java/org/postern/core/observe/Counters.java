// SPDX-License-Identifier: Apache-2.0
package org.postern.core.observe;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.postern.spi.event.DeliveryEvent;
import org.postern.spi.event.DeliveryListener;
import org.postern.spi.mail.DeliveryOutcome;

/**
 * Counts what happens. Recipients, not messages, are counted for outcomes.
 *
 * <p>Threading: safe for many threads.
 */
public final class Counters implements DeliveryListener {

    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();

    @Override
    public void on(DeliveryEvent event) {
        switch (event) {
            case DeliveryEvent.Accepted accepted -> add("accepted_messages", 1);
            case DeliveryEvent.SessionOpened opened -> {
                add("sessions", 1);
                opened.mechanism().ifPresent(mechanism -> add("logins", 1));
            }
            case DeliveryEvent.AttemptEnded ended ->
                count(ended.outcome(), ended.recipients().size());
        }
    }

    private void count(DeliveryOutcome outcome, int recipients) {
        switch (outcome) {
            case DeliveryOutcome.Delivered delivered -> add("delivered", recipients);
            case DeliveryOutcome.Held held -> add("held", recipients);
            case DeliveryOutcome.Failed failed -> add("failed", recipients);
            case DeliveryOutcome.Deferred deferred -> {
                add("deferred", recipients);
                if (deferred.possibleDuplicate()) {
                    add("possible_duplicates", recipients);
                }
            }
        }
    }

    private void add(String name, long count) {
        counts.computeIfAbsent(name, ignored -> new LongAdder()).add(count);
    }

    /** A copy of this moment, sorted by name. */
    public Map<String, Long> snapshot() {
        Map<String, Long> copy = new TreeMap<>();
        counts.forEach((name, count) -> copy.put(name, count.sum()));
        return copy;
    }
}
