// SPDX-License-Identifier: Apache-2.0
package org.postern.core.delivery;

import java.time.Instant;
import java.util.Optional;
import org.postern.core.queue.QueuedMessage;
import org.postern.engine.QueueAction;
import org.postern.engine.dto.QueueEntry;

/**
 * What may be an entry that an operator means.
 *
 * @param message the message's part for one destination
 * @param state how it waits
 * @param due when it is tried next, where it waits for a time
 * @param reason why it waits, as far as is known
 * @param inMemory whether this process has it in memory
 */
record Candidate(
        QueuedMessage message,
        QueueEntry.State state,
        Optional<Instant> due,
        Optional<String> reason,
        boolean inMemory) {

    boolean isMeant(Matching matching) {
        return matching.matches(message, state, reason);
    }

    /** Whether an action does something to what waits so. */
    static boolean concerns(QueueAction action, QueueEntry.State state) {
        return switch (state) {
            case READY -> action == QueueAction.HOLD || action == QueueAction.REMOVE;
            case DELIVERING -> false;
            case DELAYED, HELD -> action != QueueAction.RELEASE;
            case ON_HOLD -> action == QueueAction.RELEASE || action == QueueAction.REMOVE;
        };
    }

    QueueEntry entry(Matching matching) {
        return new QueueEntry(
                message.message().id().value(),
                state,
                message.key().binding().name(),
                message.key().domain().name(),
                matching.identityOf(message),
                message.message().envelope().senderText(),
                message.recipients().stream()
                        .map(index -> message.recipient(index).toString())
                        .toList(),
                message.message().size(),
                message.message().received(),
                message.attempts(),
                due,
                reason,
                inMemory);
    }
}
