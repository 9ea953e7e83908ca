// SPDX-License-Identifier: Apache-2.0
package org.postern.core.delivery;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.postern.core.auth.NotAnswered;
import org.postern.core.auth.StoreQuestion;
import org.postern.core.auth.StoreRegistry;
import org.postern.core.queue.DelayedQueue;
import org.postern.core.queue.QueueKey;
import org.postern.core.queue.QueuedMessage;
import org.postern.core.queue.TurnQueue;

/**
 * Mail whose credential a store has been asked for and has not given yet. It waits beside its line, where it keeps no worker
 * from other mail. What waits for the same comes back together when the store has spoken or has been given up: to the heads
 * of the lines, the oldest first.
 *
 * <p>Threading: safe for many threads; never blocks.
 */
@Singleton
final class Unanswered {

    private final StoreRegistry stores;
    private final Contexts contexts;
    private final TurnQueue waiting = new TurnQueue();
    private volatile Consumer<List<QueuedMessage>> lines = messages -> {};

    @Inject
    Unanswered(StoreRegistry stores, Contexts contexts) {
        this.stores = stores;
        this.contexts = contexts;
        stores.onAnswered(this::callUp);
    }

    /** @param heads take what comes back, the first of them foremost */
    void returnTo(Consumer<List<QueuedMessage>> heads) {
        lines = heads;
    }

    /** Waits. Where the answer has come since it was asked for, it does not wait for long. */
    void park(QueuedMessage message, NotAnswered why) {
        waiting.park(
                why.question(),
                contexts.parked(message.askedSince(Optional.of(why.since()))),
                why.until(),
                Instant.MAX,
                why.getMessage());
        if (!stores.isAsking(why.question())) {
            callUp(why.question());
        }
    }

    /** All that waits for this goes back to the heads of its lines. */
    void callUp(StoreQuestion question) {
        List<QueuedMessage> back = waiting.callAll(question);
        if (!back.isEmpty()) {
            lines.accept(back);
        }
    }

    /** Everything, because another configuration may ask elsewhere. */
    List<QueuedMessage> callAll() {
        return waiting.callAll();
    }

    /** All that waits, in no particular order. */
    List<DelayedQueue.Waiting> all() {
        return waiting.all();
    }

    /** Takes those of these that still wait. They are told apart as objects where the set does so. */
    List<QueuedMessage> take(Set<QueuedMessage> wanted) {
        return waiting.take(wanted);
    }

    /** What waits, by where it is queued. */
    Map<QueueKey, DelayedQueue.Summary> summaries() {
        return waiting.summaries();
    }
}
