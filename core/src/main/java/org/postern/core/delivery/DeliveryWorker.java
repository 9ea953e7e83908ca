// SPDX-License-Identifier: Apache-2.0
package org.postern.core.delivery;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postern.core.auth.NotAnswered;
import org.postern.core.outcome.BlastRadius;
import org.postern.core.outcome.FailurePolicy;
import org.postern.core.queue.ActiveQueue;
import org.postern.core.queue.DelayedQueue;
import org.postern.core.queue.QueueKey;
import org.postern.core.queue.QueuedMessage;
import org.postern.core.queue.TurnQueue;
import org.postern.core.scope.OutboundSettings;
import org.postern.spi.mail.DeliveryStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes a message from its queue through its attempts, in batches that peers accept, and settles each. */
@Singleton
final class DeliveryWorker {

    private static final Logger LOG = LoggerFactory.getLogger(DeliveryWorker.class);

    private final DeliveryPipeline pipeline;
    private final Settlement settlement;
    private final CurrentSettings settings;
    private final TurnQueue turns;
    private final Unanswered unanswered;
    private final FailurePolicy policy;

    @Inject
    DeliveryWorker(
            DeliveryPipeline pipeline,
            Settlement settlement,
            CurrentSettings settings,
            TurnQueue turns,
            Unanswered unanswered,
            FailurePolicy policy) {
        this.pipeline = pipeline;
        this.settlement = settlement;
        this.settings = settings;
        this.turns = turns;
        this.unanswered = unanswered;
        this.policy = policy;
    }

    /** For one worker of the queue. */
    ActiveQueue.Courier courier(Dispatcher dispatcher) {
        Convoy convoy = new Convoy();
        return (queued, hand) -> {
            try {
                return deliver(queued, hand, dispatcher, convoy);
            } catch (RuntimeException | Error broken) {
                pipeline.abandon(convoy);
                throw broken;
            }
        };
    }

    /** Returns what a limit of the scopes keeps back, if it does. */
    private Optional<ActiveQueue.Rest> deliver(
            QueuedMessage queued, ActiveQueue.InHand hand, Dispatcher dispatcher, Convoy convoy) {
        QueuedMessage message = convoy.unpacked(queued);
        List<Integer> open = openRecipients(message, dispatcher.delayed());
        int all = open.size();
        int done = 0;
        for (QueuedMessage batch : batches(message, open)) {
            convoy.leads(hand, done + batch.recipients().size() == all);
            long releases = dispatcher.delayed().releases();
            Ending ending = attempt(batch, convoy);
            if (!hand.isAccepted()) {
                return Optional.empty();
            }
            turns.arrived(batch);
            switch (ending) {
                case Ending.Settled(AttemptResult result) -> {
                    settle(batch, result, dispatcher, releases);
                    putOffIfLost(batch.key(), result, dispatcher, releases);
                }
                case Ending.Early(NotYet limit) -> {
                    List<Integer> left = open.subList(done, all);
                    return Optional.of(new ActiveQueue.Rest(
                            message.forRecipients(left).askedSince(Optional.empty()), limit.until()));
                }
                case Ending.Asking(NotAnswered question) -> park(batch, question, dispatcher, releases);
            }
            done += batch.recipients().size();
        }
        return Optional.empty();
    }

    /** Those that have not been refused before. */
    private List<Integer> openRecipients(QueuedMessage message, DelayedQueue delayed) {
        List<Integer> open = settlement.tellOfEarlierRefusals(message, delayed, delayed.releases());
        if (open.isEmpty()) {
            turns.arrived(message);
        }
        return open;
    }

    /** How an attempt ended. */
    private sealed interface Ending {

        /** With an outcome for each recipient. */
        record Settled(AttemptResult result) implements Ending {}

        /** Before it began, because a limit of the scopes is reached. */
        record Early(NotYet limit) implements Ending {}

        /** Before it began, because a credential store has not answered. */
        record Asking(NotAnswered question) implements Ending {}
    }

    private void park(QueuedMessage batch, NotAnswered wait, Dispatcher dispatcher, long releases) {
        unanswered.park(batch, wait);
        if (dispatcher.delayed().releases() != releases) {
            // By what holds now it may have to ask somebody else.
            unanswered.callUp(wait.question());
        }
    }

    private void settle(QueuedMessage batch, AttemptResult result, Dispatcher dispatcher, long releases) {
        try {
            settlement.settle(batch.askedSince(Optional.empty()), result, dispatcher.delayed(), releases);
        } catch (RuntimeException bug) {
            LOG.error(
                    "{}: settling failed; the message stays in the spool",
                    batch.message().id(),
                    bug);
        }
    }

    private void putOffIfLost(QueueKey key, AttemptResult result, Dispatcher dispatcher, long releases) {
        result.judgement()
                .filter(judgement -> judgement.radius() == BlastRadius.DOMAIN)
                .ifPresent(lost -> dispatcher.takeReady(key).stream()
                        .map(QueuedMessage::unpacked)
                        .forEach(waiting -> settle(waiting, AttemptResult.ended(waiting, lost), dispatcher, releases)));
    }

    private List<QueuedMessage> batches(QueuedMessage message, List<Integer> all) {
        int size = batchSize(message);
        if (all.size() <= size && all.size() == message.recipients().size()) {
            return List.of(message);
        }
        List<QueuedMessage> batches = new ArrayList<>();
        for (int from = 0; from < all.size(); from += size) {
            batches.add(message.forRecipients(all.subList(from, Math.min(all.size(), from + size))));
        }
        return batches;
    }

    private int batchSize(QueuedMessage message) {
        return Math.toIntExact(
                settings.resolve(message.key().binding(), message.key().domain())
                        .get(OutboundSettings.MAX_RECIPIENTS_PER_BATCH)
                        .orThrow());
    }

    private Ending attempt(QueuedMessage batch, Convoy convoy) {
        try {
            return new Ending.Settled(pipeline.deliver(batch, convoy));
        } catch (NotYet limit) {
            return new Ending.Early(limit);
        } catch (NotAnswered question) {
            return new Ending.Asking(question);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return failed(batch, "the engine is stopping");
        } catch (RuntimeException | LinkageError bug) {
            LOG.error("{}: the attempt failed on this side", batch.message().id(), bug);
            return failed(batch, "internal error: " + bug.getClass().getName());
        }
    }

    private Ending failed(QueuedMessage batch, String reason) {
        return new Ending.Settled(
                AttemptResult.ended(batch, policy.internalError(DeliveryStage.NOT_CONNECTED, reason)));
    }
}
