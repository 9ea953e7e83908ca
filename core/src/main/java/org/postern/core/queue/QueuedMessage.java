// SPDX-License-Identifier: Apache-2.0
package org.postern.core.queue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postern.spi.mail.Envelope;
import org.postern.spi.mail.MailAddress;
import org.postern.spi.spool.SpooledMessage;

/**
 * The part of a message that goes to one routing domain. Immutable: an attempt leads to another part with fewer
 * recipients, or to none.
 *
 * @param message the message as accepted
 * @param key where it is queued
 * @param recipients positions in the envelope of those still to be served, at least one
 * @param attempts attempts counted so far
 * @param context its variables, those that are not stored included; only the latter where the rest is on the spool
 * @param contextOnSpool whether the stored ones have to be read from the spool
 * @param credentialRefused whether its credential was refused when it was tried last
 * @param identity as whom it was tried last since this process started, if as anybody
 * @param reason what the last attempt came to, if there was one since this process started
 * @param askedSince when it began to wait for a credential store, if it does
 * @param toldUntil up to when the sender has been told of the delay, as far as the scope wants it
 */
public record QueuedMessage(
        SpooledMessage message,
        QueueKey key,
        List<Integer> recipients,
        int attempts,
        Map<String, String> context,
        boolean contextOnSpool,
        boolean credentialRefused,
        Optional<String> identity,
        Optional<String> reason,
        Optional<Instant> askedSince,
        Instant toldUntil) {

    /** Copies the collections. */
    public QueuedMessage {
        recipients = List.copyOf(recipients);
        context = Map.copyOf(context);
        if (recipients.isEmpty()) {
            throw new IllegalArgumentException("a queued message has recipients");
        }
    }

    /** A part that this process has not tried yet. */
    public QueuedMessage(
            SpooledMessage message,
            QueueKey key,
            List<Integer> recipients,
            int attempts,
            Map<String, String> context,
            boolean credentialRefused) {
        this(
                message,
                key,
                recipients,
                attempts,
                context,
                false,
                credentialRefused,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                message.received());
    }

    /** The same part for these recipients only. */
    public QueuedMessage forRecipients(List<Integer> remaining) {
        return new QueuedMessage(
                message,
                key,
                remaining,
                attempts,
                context,
                contextOnSpool,
                credentialRefused,
                identity,
                reason,
                askedSince,
                toldUntil);
    }

    /** The same part after one more attempt. */
    public QueuedMessage afterAttempt() {
        return new QueuedMessage(
                message,
                key,
                recipients,
                attempts + 1,
                context,
                contextOnSpool,
                credentialRefused,
                identity,
                reason,
                askedSince,
                toldUntil);
    }

    /** The same part, knowing whether its credential was refused. */
    public QueuedMessage knowing(boolean refused) {
        return new QueuedMessage(
                message,
                key,
                recipients,
                attempts,
                context,
                contextOnSpool,
                refused,
                identity,
                reason,
                askedSince,
                toldUntil);
    }

    /** The same part, with what the attempt came to. */
    public QueuedMessage because(String why) {
        return new QueuedMessage(
                message,
                key,
                recipients,
                attempts,
                context,
                contextOnSpool,
                credentialRefused,
                identity,
                Optional.of(why),
                askedSince,
                toldUntil);
    }

    /** The same part, with as whom it was tried. */
    public QueuedMessage triedAs(Optional<String> whom) {
        return new QueuedMessage(
                message,
                key,
                recipients,
                attempts,
                context,
                contextOnSpool,
                credentialRefused,
                whom,
                reason,
                askedSince,
                toldUntil);
    }

    /** The same part, with its sender told of the delay up to now. */
    public QueuedMessage told(Instant now) {
        return new QueuedMessage(
                message,
                key,
                recipients,
                attempts,
                context,
                contextOnSpool,
                credentialRefused,
                identity,
                reason,
                askedSince,
                now);
    }

    /** The same part, waiting for a credential store since then, or no longer. */
    public QueuedMessage askedSince(Optional<Instant> then) {
        return then.equals(askedSince)
                ? this
                : new QueuedMessage(
                        message,
                        key,
                        recipients,
                        attempts,
                        context,
                        contextOnSpool,
                        credentialRefused,
                        identity,
                        reason,
                        then,
                        toldUntil);
    }

    /**
     * The same part without the variables that the spool has.
     *
     * @param kept the one that stays even if the spool has it not
     */
    public QueuedMessage parked(String kept) {
        if (contextOnSpool || context.isEmpty()) {
            return this;
        }
        Map<String, String> rest =
                context.containsKey(kept) && !message.context().containsKey(kept)
                        ? Map.of(kept, context.get(kept))
                        : Map.of();
        return new QueuedMessage(
                message.withoutContext(),
                key,
                recipients,
                attempts,
                rest,
                !message.context().isEmpty(),
                credentialRefused,
                identity,
                reason,
                askedSince,
                toldUntil);
    }

    /** The address at a position of the envelope. */
    public MailAddress recipient(int index) {
        return message.envelope().recipients().get(index);
    }

    /** Who it is from, and those still to be served. */
    public Envelope envelope() {
        return message.envelope().forRecipients(recipients);
    }

    /** How long the message has been here. */
    public Duration age(Instant now) {
        return Duration.between(message.received(), now);
    }

    /** Names only; the context may hold a password. */
    @Override
    public String toString() {
        return "QueuedMessage[" + message.id() + " for " + key + ", " + recipients.size() + " recipients]";
    }
}
