// SPDX-License-Identifier: Apache-2.0
package org.postern.core.delivery;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.postern.core.outcome.FailurePolicy;
import org.postern.core.outcome.Judgement;
import org.postern.core.queue.DelayedQueue;
import org.postern.core.queue.QueuedMessage;
import org.postern.core.queue.RetrySchedule;
import org.postern.core.queue.TurnQueue;
import org.postern.core.scope.OutboundSettings;
import org.postern.core.scope.Resolution;
import org.postern.spi.event.DeliveryEvent;
import org.postern.spi.event.DeliveryListener;
import org.postern.spi.mail.DeliveryOutcome;
import org.postern.spi.mail.MailAddress;
import org.postern.spi.spool.RecipientState;
import org.postern.spi.spool.RecipientUpdate;
import org.postern.spi.spool.Spool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries outcomes out: what is settled leaves the spool, what failed is reported to its sender first, the rest waits.
 */
@Singleton
final class Settlement {

    private static final Logger LOG = LoggerFactory.getLogger(Settlement.class);

    private final Spool spool;
    private final SenderNotices notices;
    private final Untold untold;
    private final RetrySchedule schedule;
    private final CurrentSettings settings;
    private final Contexts contexts;
    private final TurnQueue turns;
    private final FailurePolicy policy;
    private final DeliveryListener observer;
    private final Clock clock;

    /** Why mail waits, and as whom it was tried. */
    private final Shared<String> words = new Shared<>();

    @Inject
    Settlement(
            Spool spool,
            SenderNotices notices,
            Untold untold,
            RetrySchedule schedule,
            CurrentSettings settings,
            Contexts contexts,
            TurnQueue turns,
            FailurePolicy policy,
            DeliveryListener observer,
            Clock clock) {
        this.spool = spool;
        this.notices = notices;
        this.untold = untold;
        this.schedule = schedule;
        this.settings = settings;
        this.contexts = contexts;
        this.turns = turns;
        this.policy = policy;
        this.observer = observer;
        this.clock = clock;
    }

    /** @param releases {@link DelayedQueue#releases()} before the attempt */
    void settle(QueuedMessage message, AttemptResult result, DelayedQueue delayed, long releases) {
        Instant now = clock.instant();
        Resolution options =
                settings.resolve(message.key().binding(), message.key().domain());
        Map<Integer, DeliveryOutcome> outcomes = withLimits(message, result, options, now);
        report(message, result, outcomes, now);
        Duration holdFor = policy.holdFor(result.judgement(), now);
        if (!isTold(message, outcomes, refused(message, result), options)) {
            holdFor = FailurePolicy.STORAGE_PAUSE;
        }
        notices.taken(message, result, outcomes, options);
        Instant due = isDeferred(outcomes) ? now.plus(delay(message, result, outcomes, options)) : now;
        boolean kept = record(message, updates(message, outcomes, due), mayGo(message, outcomes, options, due));
        QueuedMessage told = notices.late(message, outcomes, options, now);
        if (!kept) {
            return;
        }
        if (result.turn().isPresent() && !expired(message, options, now)) {
            park(told, result.turn().get(), result.judgement().orElseThrow(), options);
            return;
        }
        waitOn(knowing(told, result), outcomes, due, holdFor, delayed, releases);
    }

    /** The notification is durable before the message is forgotten, so that a crash between the two loses neither. */
    private boolean isTold(
            QueuedMessage message,
            Map<Integer, DeliveryOutcome> outcomes,
            Map<Integer, DeliveryOutcome> refused,
            Resolution options) {
        if (notices.failed(message, outcomes, options)) {
            return true;
        }
        untold.keep(message, refused);
        outcomes.replaceAll((index, outcome) -> policy.notNotified(outcome));
        return false;
    }

    /** What failed in a mail transaction. What this side gave up, for its age say, is judged anew each time. */
    private static Map<Integer, DeliveryOutcome> refused(QueuedMessage message, AttemptResult result) {
        Map<Integer, DeliveryOutcome> refused = new LinkedHashMap<>();
        for (int i = 0; i < result.outcomes().size() && result.judgement().isEmpty(); i++) {
            if (result.outcomes().get(i) instanceof DeliveryOutcome.Failed failed) {
                refused.put(message.recipients().get(i), failed);
            }
        }
        return refused;
    }

    /**
     * Tells the sender of what a peer refused earlier and could not be told of then.
     *
     * @return the recipients that are left to be tried, as positions in the envelope
     */
    List<Integer> tellOfEarlierRefusals(QueuedMessage message, DelayedQueue delayed, long releases) {
        Map<Integer, DeliveryOutcome> refused = untold.take(message);
        if (refused.isEmpty()) {
            return message.recipients();
        }
        List<Integer> left = message.recipients().stream()
                .filter(index -> !refused.containsKey(index))
                .toList();
        Instant now = clock.instant();
        QueuedMessage part = message.forRecipients(List.copyOf(refused.keySet()));
        Map<Integer, DeliveryOutcome> outcomes = new LinkedHashMap<>(refused);
        isTold(
                part,
                outcomes,
                refused,
                settings.resolve(message.key().binding(), message.key().domain()));
        record(part, updates(part, outcomes, now), false);
        waitOn(part, outcomes, now, FailurePolicy.STORAGE_PAUSE, delayed, releases);
        return left;
    }

    private static boolean isDeferred(Map<Integer, DeliveryOutcome> outcomes) {
        return outcomes.values().stream().anyMatch(DeliveryOutcome.Deferred.class::isInstance);
    }

    private static boolean expired(QueuedMessage message, Resolution options, Instant now) {
        return RetryLimits.of(options).isExpired(message, now);
    }

    /** It is called when there is room, and in any case when it is too old. */
    private void park(QueuedMessage message, Turn turn, Judgement why, Resolution options) {
        turns.park(
                turn,
                contexts.parked(message.because(why.reason())),
                why.until().orElseThrow(),
                message.message().received().plus(RetryLimits.of(options).expiration()),
                why.reason());
    }

    private QueuedMessage knowing(QueuedMessage message, AttemptResult result) {
        boolean refused = result.judgement()
                .filter(judgement -> judgement.radius().doubtsCredential())
                .isPresent();
        return message.knowing(refused).triedAs(result.user().map(words::of));
    }

    private Map<Integer, DeliveryOutcome> withLimits(
            QueuedMessage message, AttemptResult result, Resolution options, Instant now) {
        RetryLimits limits = RetryLimits.of(options);
        boolean expired = limits.isExpired(message, now);
        boolean spent = limits.isSpent(message);
        Map<Integer, DeliveryOutcome> outcomes = new LinkedHashMap<>();
        for (int i = 0; i < message.recipients().size(); i++) {
            DeliveryOutcome outcome = result.outcomes().get(i);
            DeliveryOutcome judged = spent ? policy.outOfRetries(outcome, result.judgement()) : outcome;
            boolean ends = expired && !(outcome instanceof DeliveryOutcome.Delivered);
            outcomes.put(message.recipients().get(i), ends ? policy.expired(judged) : judged);
        }
        return outcomes;
    }

    private void report(
            QueuedMessage message, AttemptResult result, Map<Integer, DeliveryOutcome> outcomes, Instant now) {
        Map<DeliveryOutcome, List<MailAddress>> byOutcome = new LinkedHashMap<>();
        outcomes.forEach((index, outcome) ->
                byOutcome.computeIfAbsent(outcome, ignored -> new ArrayList<>()).add(message.recipient(index)));
        byOutcome.forEach((outcome, recipients) -> observer.on(new DeliveryEvent.AttemptEnded(
                now,
                message.message().id(),
                message.key().binding(),
                message.key().domain(),
                recipients,
                result.peer(),
                result.identity(),
                outcome)));
    }

    private Duration delay(
            QueuedMessage message, AttemptResult result, Map<Integer, DeliveryOutcome> outcomes, Resolution options) {
        // Where attempts are numbered, none is spent on a peer that has had no time to come back.
        if (message.attempts() == 0
                && RetryLimits.of(options).retries().isEmpty()
                && outcomes.values().stream()
                        .filter(DeliveryOutcome.Deferred.class::isInstance)
                        .allMatch(outcome -> policy.isWorthAQuickRetry(outcome, result.judgement()))) {
            return schedule.quick();
        }
        return schedule.delay(
                message.attempts() + 1,
                options.get(OutboundSettings.RETRY_INTERVAL).orThrow(),
                options.get(OutboundSettings.MAX_RETRY_INTERVAL).orThrow());
    }

    private List<RecipientUpdate> updates(QueuedMessage message, Map<Integer, DeliveryOutcome> outcomes, Instant due) {
        List<RecipientUpdate> updates = new ArrayList<>();
        int attempts = message.attempts();
        outcomes.forEach((index, outcome) -> {
            switch (outcome) {
                case DeliveryOutcome.Delivered delivered ->
                    updates.add(new RecipientUpdate(index, new RecipientState(true, attempts + 1, due)));
                case DeliveryOutcome.Failed failed ->
                    updates.add(new RecipientUpdate(index, new RecipientState(true, attempts + 1, due)));
                case DeliveryOutcome.Deferred deferred ->
                    updates.add(new RecipientUpdate(index, new RecipientState(false, attempts + 1, due)));
                case DeliveryOutcome.Held held -> {}
            }
        });
        return updates;
    }

    /** Whether the spool knows all that has to be known to go on with what waits for its time. */
    private boolean mayGo(
            QueuedMessage message, Map<Integer, DeliveryOutcome> outcomes, Resolution options, Instant due) {
        return isDeferred(outcomes)
                && outcomes.values().stream().noneMatch(DeliveryOutcome.Held.class::isInstance)
                && contexts.areOnSpool(message)
                && !notices.owedBefore(message, options, due);
    }

    /**
     * A delivered message whose record cannot be written is not tried again by this process; after a restart it may be.
     * Returns whether what is left of the message stays here.
     */
    private boolean record(QueuedMessage message, List<RecipientUpdate> updates, boolean mayGo) {
        if (updates.isEmpty()) {
            return true;
        }
        try {
            if (mayGo) {
                return spool.defer(message.message().id(), updates);
            }
            spool.record(message.message().id(), updates);
        } catch (IOException failure) {
            LOG.error(
                    "{}: the outcome could not be recorded and may repeat after a restart: {}",
                    message.message().id(),
                    failure.toString());
        }
        return true;
    }

    private void waitOn(
            QueuedMessage message,
            Map<Integer, DeliveryOutcome> outcomes,
            Instant due,
            Duration holdFor,
            DelayedQueue delayed,
            long releases) {
        List<Integer> later = new ArrayList<>();
        List<Integer> held = new ArrayList<>();
        String[] reasons = new String[2];
        outcomes.forEach((index, outcome) -> {
            switch (outcome) {
                case DeliveryOutcome.Deferred deferred -> {
                    later.add(index);
                    reasons[0] = words.of(deferred.reason());
                }
                case DeliveryOutcome.Held waiting -> {
                    held.add(index);
                    reasons[1] = words.of(waiting.reason());
                }
                case DeliveryOutcome.Delivered delivered -> {}
                case DeliveryOutcome.Failed failed -> {}
            }
        });
        if (!later.isEmpty()) {
            delayed.delay(
                    contexts.parked(message.forRecipients(later).afterAttempt().because(reasons[0])), due, reasons[0]);
        }
        if (!held.isEmpty()) {
            delayed.hold(
                    contexts.parked(message.forRecipients(held).because(reasons[1])), holdFor, reasons[1], releases);
        }
    }
}
