// SPDX-License-Identifier: Apache-2.0
package org.postern.core.delivery;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.postern.core.queue.ActiveQueue;
import org.postern.core.queue.QueuedMessage;
import org.postern.core.route.Hop;
import org.postern.core.scope.Resolution;

/**
 * What one worker has under way at once: the message in hand, and perhaps the one that it gets next, which was begun behind
 * it on the same session. Used by that worker alone.
 */
final class Convoy {

    /**
     * A message that was begun.
     *
     * @param queued as the queue has it
     * @param message the same, unpacked
     * @param login as whom; to be closed
     * @param ride on what; to be settled
     */
    record Begun(
            QueuedMessage queued, QueuedMessage message, Resolution options, List<Hop> hops, Login login, Ride ride) {}

    private ActiveQueue.InHand hand;
    private boolean last;
    private Optional<Begun> begun = Optional.empty();

    /**
     * Another message, or another part of it, is in hand from now on.
     *
     * @param lastPart whether what comes next may be begun behind it
     */
    void leads(ActiveQueue.InHand message, boolean lastPart) {
        hand = message;
        last = lastPart;
    }

    /** Whether what is in hand is accepted; waits until that is known. */
    boolean isAccepted() {
        return hand.isAccepted();
    }

    /** The queue's message as it was begun, if it was, or unpacked. */
    QueuedMessage unpacked(QueuedMessage queued) {
        return begun.filter(one -> one.queued() == queued).map(Begun::message).orElseGet(queued::unpacked);
    }

    /** Begins what comes next, unless that was done. */
    void follow(Function<QueuedMessage, Optional<Begun>> begin) {
        if (begun.isEmpty() && last) {
            begun = hand.next().flatMap(begin);
        }
    }

    /** What was begun of this message; once. */
    Optional<Begun> take(QueuedMessage message) {
        Optional<Begun> taken = begun.filter(one -> one.message() == message);
        if (taken.isPresent()) {
            begun = Optional.empty();
        }
        return taken;
    }

    /** What was begun and is not going to be finished. */
    Optional<Begun> abandon() {
        Optional<Begun> abandoned = begun;
        begun = Optional.empty();
        return abandoned;
    }
}
