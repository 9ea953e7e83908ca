// SPDX-License-Identifier: Apache-2.0
package org.postern.core.delivery;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.postern.core.queue.QueuedMessage;
import org.postern.spi.mail.DeliveryOutcome;
import org.postern.spi.mail.MessageId;

/**
 * What peers refused for good and senders could not be told of, because the notification could not be stored. It is not sent
 * again and again only because this side has no room.
 *
 * <p>It is kept in memory alone: what was refused before a restart is tried once more, and so is the oldest where there is too
 * much of it.
 *
 * <p>Threading: safe for many threads.
 */
@Singleton
final class Untold {

    private static final int REMEMBERED = 10_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Recipient, DeliveryOutcome> refusals = new LinkedHashMap<>();
    private volatile boolean empty = true;

    private record Recipient(MessageId message, int index) {}

    @Inject
    Untold() {}

    /** @param refused by positions in the envelope */
    void keep(QueuedMessage message, Map<Integer, DeliveryOutcome> refused) {
        MessageId id = message.message().id();
        lock.lock();
        try {
            refused.forEach((index, outcome) -> refusals.put(new Recipient(id, index), outcome));
            while (refusals.size() > REMEMBERED) {
                refusals.remove(refusals.keySet().iterator().next());
            }
            empty = refusals.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** What is kept of this part's recipients; it is no longer kept then. */
    Map<Integer, DeliveryOutcome> take(QueuedMessage message) {
        Map<Integer, DeliveryOutcome> taken = new LinkedHashMap<>();
        if (empty) {
            return taken;
        }
        MessageId id = message.message().id();
        lock.lock();
        try {
            for (int index : message.recipients()) {
                DeliveryOutcome refusal = refusals.remove(new Recipient(id, index));
                if (refusal != null) {
                    taken.put(index, refusal);
                }
            }
            empty = refusals.isEmpty();
        } finally {
            lock.unlock();
        }
        return taken;
    }

    /** Whether something is kept of one of this part's recipients. */
    boolean concerns(QueuedMessage message) {
        if (empty) {
            return false;
        }
        MessageId id = message.message().id();
        lock.lock();
        try {
            return message.recipients().stream().anyMatch(index -> refusals.containsKey(new Recipient(id, index)));
        } finally {
            lock.unlock();
        }
    }
}
