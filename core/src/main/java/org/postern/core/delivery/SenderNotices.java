// SPDX-License-Identifier: Apache-2.0
package org.postern.core.delivery;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postern.core.outcome.Report;
import org.postern.core.outcome.ReportedRecipient;
import org.postern.core.queue.DelayNotices;
import org.postern.core.queue.QueuedMessage;
import org.postern.core.scope.OutboundSettings;
import org.postern.core.scope.Resolution;
import org.postern.core.scope.Resolved;
import org.postern.spi.mail.DeliveryOutcome;
import org.postern.spi.mail.DsnRequest;
import org.postern.spi.mail.DsnRequest.Notify;
import org.postern.spi.settings.Throttle;

/**
 * Who is told what of an attempt: as the scope says, and as the sender wants (RFC 3461 section 5.2). The scope may keep
 * silent where the sender wants to hear; it never speaks where the sender wants silence.
 */
@Singleton
final class SenderNotices {

    private final Bounces bounces;

    @Inject
    SenderNotices(Bounces bounces) {
        this.bounces = bounces;
    }

    /** Returns whether nothing is left to do. The notification is durable then. */
    boolean failed(QueuedMessage message, Map<Integer, DeliveryOutcome> outcomes, Resolution options) {
        List<ReportedRecipient> failed = new ArrayList<>();
        outcomes.forEach((index, outcome) -> {
            DsnRequest.Recipient wish = wish(message, index);
            if (outcome instanceof DeliveryOutcome.Failed failure && wish.allows(Notify.FAILURE)) {
                failed.add(
                        ReportedRecipient.of(message.recipient(index), failure).named(wish.original()));
            }
        });
        return failed.isEmpty()
                || !options.get(OutboundSettings.GENERATE_BOUNCES).orThrow()
                || Blackhole.of(options).isSilent()
                || bounces.send(message.message(), new Report.Failed(failed), limit(options));
    }

    private static DsnRequest.Recipient wish(QueuedMessage message, int index) {
        return message.message().envelope().dsn().recipient(index);
    }

    private static Throttle limit(Resolution options) {
        return options.get(OutboundSettings.DSN_THROTTLE).orThrow();
    }

    /**
     * Tells of what was handed over. Only a sender who wants that hears of it, and only from the last host that knows how.
     *
     * @param result says whether the peer was asked to tell the sender itself
     */
    void taken(
            QueuedMessage message, AttemptResult result, Map<Integer, DeliveryOutcome> outcomes, Resolution options) {
        List<ReportedRecipient> taken = new ArrayList<>();
        outcomes.forEach((index, outcome) -> {
            DsnRequest.Recipient wish = wish(message, index);
            if (outcome instanceof DeliveryOutcome.Delivered delivered
                    && wish.notifyOn().contains(Notify.SUCCESS)) {
                taken.add(ReportedRecipient.of(message.recipient(index), delivered)
                        .named(wish.original()));
            }
        });
        if (!taken.isEmpty() && !result.dsnPassedOn()) {
            boolean last =
                    options.get(OutboundSettings.DELIVERY_METHOD).orThrow().equals("LMTP");
            bounces.send(message.message(), new Report.Taken(taken, last), limit(options));
        }
    }

    /** Tells of a delay that has lasted long enough. A courtesy: where it cannot be stored it is left out. */
    QueuedMessage late(QueuedMessage message, Map<Integer, DeliveryOutcome> outcomes, Resolution options, Instant now) {
        if (!delayNotices(options).isDue(message.message().received(), message.toldUntil(), now)) {
            return message;
        }
        List<ReportedRecipient> late = new ArrayList<>();
        outcomes.forEach((index, outcome) -> {
            DsnRequest.Recipient wish = wish(message, index);
            Optional<ReportedRecipient> waiting = ReportedRecipient.late(message.recipient(index), outcome);
            if (waiting.isPresent() && wantsToHearOfDelay(wish, options)) {
                late.add(waiting.get().named(wish.original()));
            }
        });
        if (late.isEmpty()) {
            return message;
        }
        Instant until =
                message.message().received().plus(RetryLimits.of(options).expiration());
        bounces.send(message.message(), new Report.Delayed(late, until), limit(options));
        return message.told(now);
    }

    private static DelayNotices delayNotices(Resolution options) {
        return new DelayNotices(
                options.get(OutboundSettings.DELAY_DSN_RETRY_INTERVAL).orThrow(),
                options.get(OutboundSettings.DELAY_DSN_MAX_RETRY_INTERVAL).orThrow());
    }

    /** Whether the sender may have to be told of a delay that was not yet due and will be by then. */
    boolean owedBefore(QueuedMessage message, Resolution options, Instant then) {
        return delayNotices(options).isDue(message.message().received(), message.toldUntil(), then)
                && message.recipients().stream().anyMatch(index -> wantsToHearOfDelay(wish(message, index), options));
    }

    // Where the scope says nothing, a sender who asks is told.
    private static boolean wantsToHearOfDelay(DsnRequest.Recipient wish, Resolution options) {
        Resolved<Boolean> written = options.get(OutboundSettings.GENERATE_DELAY_DSN);
        return written.place().isPresent()
                ? written.orThrow() && wish.allows(Notify.DELAY)
                : wish.notifyOn().contains(Notify.DELAY);
    }
}
