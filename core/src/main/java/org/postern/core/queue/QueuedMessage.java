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
 * The part of a message that goes to one routing domain. An attempt leads to another part with fewer recipients, or to
 * none. While it waits it may be {@linkplain #packed() packed}: it says the same then, in less memory and more slowly.
 *
 * <p>Threading: nothing changes once it is handed out, and it is handed from thread to thread under the locks of queues.
 */
public final class QueuedMessage {

    // A million waiting messages for one recipient each need one list.
    private static final List<Integer> FIRST_ONLY = List.of(0);

    /** Either this or {@link #packed} is there. */
    private SpooledMessage whole;

    private PackedMessage packed;
    private final QueueKey key;
    private List<Integer> recipients;
    private int attempts;
    private Map<String, String> context;
    private boolean contextOnSpool;
    private boolean credentialRefused;
    private String identity;
    private String reason;
    private Instant askedSince;

    /** Null where it is the time of acceptance. */
    private Instant toldUntil;

    /**
     * A part that this process has not tried yet.
     *
     * @param message the message as accepted
     * @param key where it is queued
     * @param recipients positions in the envelope of those still to be served, at least one
     * @param attempts attempts counted so far
     * @param context its variables, those that are not stored included
     * @param credentialRefused whether its credential was refused when it was tried last
     */
    public QueuedMessage(
            SpooledMessage message,
            QueueKey key,
            List<Integer> recipients,
            int attempts,
            Map<String, String> context,
            boolean credentialRefused) {
        this.whole = message;
        this.key = key;
        this.recipients = shared(recipients);
        this.attempts = attempts;
        this.context = Map.copyOf(context);
        this.credentialRefused = credentialRefused;
    }

    private QueuedMessage(QueuedMessage same) {
        whole = same.whole;
        packed = same.packed;
        key = same.key;
        recipients = same.recipients;
        attempts = same.attempts;
        context = same.context;
        contextOnSpool = same.contextOnSpool;
        credentialRefused = same.credentialRefused;
        identity = same.identity;
        reason = same.reason;
        askedSince = same.askedSince;
        toldUntil = same.toldUntil;
    }

    private static List<Integer> shared(List<Integer> recipients) {
        if (recipients.isEmpty()) {
            throw new IllegalArgumentException("a queued message has recipients");
        }
        return recipients.equals(FIRST_ONLY) ? FIRST_ONLY : List.copyOf(recipients);
    }

    /** The message as accepted. Where this is packed, it is put together anew each time. */
    public SpooledMessage message() {
        return packed == null ? whole : packed.unpacked();
    }

    /** Where it is queued. */
    public QueueKey key() {
        return key;
    }

    /** Positions in the envelope of those still to be served, at least one. */
    public List<Integer> recipients() {
        return recipients;
    }

    /** Attempts counted so far. */
    public int attempts() {
        return attempts;
    }

    /** Its variables, those that are not stored included; only the latter where the rest is on the spool. */
    public Map<String, String> context() {
        return context;
    }

    /** Whether the stored variables have to be read from the spool. */
    public boolean contextOnSpool() {
        return contextOnSpool;
    }

    /** Whether its credential was refused when it was tried last. */
    public boolean credentialRefused() {
        return credentialRefused;
    }

    /** As whom it was tried last since this process started, if as anybody. */
    public Optional<String> identity() {
        return Optional.ofNullable(identity);
    }

    /** What the last attempt came to, if there was one since this process started. */
    public Optional<String> reason() {
        return Optional.ofNullable(reason);
    }

    /** When it began to wait for a credential store, if it does. */
    public Optional<Instant> askedSince() {
        return Optional.ofNullable(askedSince);
    }

    /** Up to when the sender has been told of the delay, as far as the scope wants it. */
    public Instant toldUntil() {
        return toldUntil == null ? message().received() : toldUntil;
    }

    /** The same part for these recipients only. */
    public QueuedMessage forRecipients(List<Integer> remaining) {
        QueuedMessage next = new QueuedMessage(this);
        next.recipients = shared(remaining);
        return next;
    }

    /** The same part after one more attempt. */
    public QueuedMessage afterAttempt() {
        QueuedMessage next = new QueuedMessage(this);
        next.attempts++;
        return next;
    }

    /** The same part, knowing whether its credential was refused. */
    public QueuedMessage knowing(boolean refused) {
        QueuedMessage next = new QueuedMessage(this);
        next.credentialRefused = refused;
        return next;
    }

    /** The same part, with what the attempt came to. */
    public QueuedMessage because(String why) {
        QueuedMessage next = new QueuedMessage(this);
        next.reason = why;
        return next;
    }

    /** The same part, with as whom it was tried. */
    public QueuedMessage triedAs(Optional<String> whom) {
        QueuedMessage next = new QueuedMessage(this);
        next.identity = whom.orElse(null);
        return next;
    }

    /** The same part, with its sender told of the delay up to now. */
    public QueuedMessage told(Instant now) {
        QueuedMessage next = new QueuedMessage(this);
        next.toldUntil = now.equals(message().received()) ? null : now;
        return next;
    }

    /** The same part, waiting for a credential store since then, or no longer. */
    public QueuedMessage askedSince(Optional<Instant> then) {
        if (then.equals(askedSince())) {
            return this;
        }
        QueuedMessage next = new QueuedMessage(this);
        next.askedSince = then.orElse(null);
        return next;
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
        SpooledMessage stored = message();
        QueuedMessage next = new QueuedMessage(this);
        next.whole = stored.withoutContext();
        next.packed = null;
        next.context = context.containsKey(kept) && !stored.context().containsKey(kept)
                ? Map.of(kept, context.get(kept))
                : Map.of();
        next.contextOnSpool = !stored.context().isEmpty();
        return next;
    }

    /** The same part in little memory, for a long wait. */
    public QueuedMessage packed() {
        if (packed != null) {
            return this;
        }
        QueuedMessage next = new QueuedMessage(this);
        next.packed = PackedMessage.of(whole);
        next.whole = null;
        return next;
    }

    /** The same part, for one who is about to ask it much; itself where it is not packed. */
    public QueuedMessage unpacked() {
        if (packed == null) {
            return this;
        }
        QueuedMessage next = new QueuedMessage(this);
        next.whole = packed.unpacked();
        next.packed = null;
        return next;
    }

    /** The address at a position of the envelope. */
    public MailAddress recipient(int index) {
        return message().envelope().recipients().get(index);
    }

    /** Who it is from, and those still to be served. */
    public Envelope envelope() {
        return message().envelope().forRecipients(recipients);
    }

    /** How long the message has been here. */
    public Duration age(Instant now) {
        return Duration.between(message().received(), now);
    }

    /** Names only; the context may hold a password. */
    @Override
    public String toString() {
        return "QueuedMessage[" + message().id() + " for " + key + ", " + recipients.size() + " recipients]";
    }
}
