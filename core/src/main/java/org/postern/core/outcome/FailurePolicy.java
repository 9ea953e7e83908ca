// SPDX-License-Identifier: Apache-2.0
package org.postern.core.outcome;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postern.core.smtp.RecipientReply;
import org.postern.core.smtp.SmtpFault;
import org.postern.core.smtp.TransactionResult;
import org.postern.spi.mail.DeliveryOutcome;
import org.postern.spi.mail.DeliveryOutcome.Deferred;
import org.postern.spi.mail.DeliveryOutcome.Delivered;
import org.postern.spi.mail.DeliveryOutcome.Failed;
import org.postern.spi.mail.DeliveryOutcome.Held;
import org.postern.spi.mail.DeliveryStage;
import org.postern.spi.mail.SmtpReply;

/**
 * The one table that says what a failure means. Everything else reads the value.
 *
 * <p>Rule zero: a failure of our own credentials is never the recipient's fault; such mail is held and never bounced for
 * it. Rule one: never silently unauthenticated.
 */
@Singleton
public final class FailurePolicy {

    private static final int SERVICE_NOT_AVAILABLE = 421;
    private static final int AUTHENTICATION_REQUIRED = 530;
    private static final int ENCRYPTION_REQUIRED = 538;
    private static final int MECHANISM_TOO_WEAK = 534;
    private static final int CREDENTIALS_INVALID = 535;
    private static final int BAD_SEQUENCE = 503;
    private static final int TOO_MUCH = 552;
    private static final Duration HOLD_FOR_PEER = Duration.ofMinutes(5);
    private static final Duration HOLD_FOR_US = Duration.ofMinutes(1);

    private static final Duration UNREADABLE_FOR = Duration.ofHours(1);
    private static final int UNREADABLE_TIMES = 3;

    /** How long to wait when our own storage fails. */
    public static final Duration STORAGE_PAUSE = Duration.ofMinutes(1);

    /** Has no state. */
    @Inject
    public FailurePolicy() {}

    // ---------------------------------------------------------------- before a session

    /** A credential is not there, or cannot be used. */
    public Judgement credentialMissing(String reason) {
        return held(BlastRadius.STORE, DeliveryStage.NOT_CONNECTED, reason);
    }

    /** The store cannot say. */
    public Judgement storeUnavailable(String reason) {
        return held(BlastRadius.STORE, DeliveryStage.NOT_CONNECTED, reason);
    }

    /** The configuration asks for something that cannot be done. */
    public Judgement refusedByPlan(String reason) {
        return held(BlastRadius.US, DeliveryStage.NOT_CONNECTED, reason);
    }

    /** An identity waits for its next probe. */
    public Judgement breakerOpen(String reason, Instant until) {
        return new Judgement(BlastRadius.LOGIN, new Held(DeliveryStage.NOT_CONNECTED, reason), Optional.of(until));
    }

    /** An account is used for as much as it may be; whoever counts says when it goes on. */
    public Judgement overLimit(String reason, Instant until) {
        return new Judgement(BlastRadius.US, new Held(DeliveryStage.NOT_CONNECTED, reason), Optional.of(until));
    }

    /** The operator stopped delivery in this scope. */
    public Judgement suspended(String reason) {
        return held(BlastRadius.US, DeliveryStage.NOT_CONNECTED, reason);
    }

    /** The operator throws mail of this scope away. */
    public Judgement blackholed(String reason) {
        return new Judgement(BlastRadius.MESSAGE, new Failed(DeliveryStage.NOT_CONNECTED, reason, Optional.empty()));
    }

    /** A hook threw or was late; it might have asked for authentication. */
    public Judgement hookFailed(String reason) {
        return deferred(BlastRadius.US, DeliveryStage.NOT_CONNECTED, reason);
    }

    /** A hook that the configuration calls for is not there, or does not act by it yet. */
    public Judgement hookMissing(String reason) {
        return held(BlastRadius.US, DeliveryStage.NOT_CONNECTED, reason);
    }

    /** Something on our side broke. */
    public Judgement internalError(DeliveryStage stage, String reason) {
        return deferred(BlastRadius.US, stage, reason);
    }

    /** The domain says that it takes no mail, or does not exist. */
    public Judgement noSuchDestination(String reason) {
        return new Judgement(BlastRadius.MESSAGE, new Failed(DeliveryStage.NOT_CONNECTED, reason, Optional.empty()));
    }

    /** The route cannot be found now. */
    public Judgement noRouteNow(String reason) {
        return deferred(BlastRadius.HOST, DeliveryStage.NOT_CONNECTED, reason);
    }

    /** Every host of the route rests after a failure. */
    public Judgement hostsResting(String reason) {
        return deferred(BlastRadius.HOST, DeliveryStage.NOT_CONNECTED, reason);
    }

    /** None of a domain's hosts has been reached for so long, or so often, that all its mail is put off. */
    public Judgement domainLost(String reason) {
        return deferred(
                BlastRadius.DOMAIN,
                DeliveryStage.NOT_CONNECTED,
                "4.4.0 [internal] no host of this domain could be reached: " + reason);
    }

    // ---------------------------------------------------------------- the session

    /** A session could not be opened, or was lost outside a mail transaction. */
    public Judgement session(SmtpFault fault) {
        if (fault.kind() == SmtpFault.Kind.TLS_UNUSABLE) {
            return held(BlastRadius.US, fault.stage(), fault.getMessage());
        }
        boolean inAuth = fault.stage() == DeliveryStage.AUTH_SENT || fault.stage() == DeliveryStage.AUTH_CHALLENGE;
        BlastRadius radius = inAuth || isAboutClient(fault) ? BlastRadius.SESSION : BlastRadius.HOST;
        return new Judgement(radius, new Deferred(fault.stage(), fault.getMessage(), fault.reply(), false));
    }

    // Mail of other clients, and of scopes that do not speak of clients, may well go to the same host.
    private static boolean isAboutClient(SmtpFault fault) {
        boolean leaving = fault.reply()
                .filter(reply -> reply.code() == SERVICE_NOT_AVAILABLE)
                .isPresent();
        return switch (fault.kind()) {
            case XCLIENT_UNAVAILABLE -> true;
            case REFUSED -> fault.stage() == DeliveryStage.XCLIENT && !leaving;
            case CONNECT_FAILED,
                    TIMEOUT,
                    CONNECTION_LOST,
                    PROTOCOL_ERROR,
                    TLS_UNAVAILABLE,
                    TLS_FAILED,
                    TLS_UNUSABLE,
                    CERTIFICATE_REFUSED,
                    INJECTION,
                    CHUNKING_REFUSED,
                    CONTENT_UNREADABLE -> false;
        };
    }

    // ---------------------------------------------------------------- AUTH

    /** No mechanism fits; the text has the four columns. */
    public Judgement noMechanism(String explanation, boolean offeredByPeer) {
        return held(offeredByPeer ? BlastRadius.MECHANISM : BlastRadius.HOST, DeliveryStage.AUTH_SENT, explanation);
    }

    /** The mechanism has no way to write user or secret down; nothing was sent, and another mechanism may have one. */
    public Judgement cannotExpress(String reason) {
        return held(BlastRadius.MECHANISM, DeliveryStage.AUTH_SENT, reason);
    }

    /** The host offers less than has worked with it before: held until an operator agrees. */
    public Judgement downgraded(String reason) {
        return held(BlastRadius.MECHANISM, DeliveryStage.AUTH_SENT, reason);
    }

    /** The secret must not be shown to this peer. */
    public Judgement disclosureRefused(String reason) {
        return held(BlastRadius.HOST, DeliveryStage.AUTH_SENT, reason);
    }

    /** The mechanism gave up: the server could not prove itself, or spoke nonsense. */
    public Judgement exchangeAborted(String reason) {
        return deferred(BlastRadius.HOST, DeliveryStage.AUTH_CHALLENGE, reason);
    }

    /**
     * The peer refused AUTH (RFC 4954 section 6).
     *
     * @param stage {@link DeliveryStage#AUTH_SENT} if no challenge had been answered
     * @param detail what the mechanism understood of it
     */
    public Judgement authRefused(DeliveryStage stage, SmtpReply reply, Optional<String> detail) {
        String reason = "the peer refused AUTH: " + reply
                + detail.map(said -> " (" + said + ")").orElse("");
        if (!reply.isPermanentNegative()) {
            return held(BlastRadius.LOGIN, stage, reason);
        }
        return switch (reply.code()) {
            case CREDENTIALS_INVALID -> held(BlastRadius.CREDENTIAL, stage, reason);
            case AUTHENTICATION_REQUIRED, ENCRYPTION_REQUIRED ->
                held(BlastRadius.HOST, stage, "the peer wants encryption before AUTH: " + reply);
            case MECHANISM_TOO_WEAK -> held(BlastRadius.MECHANISM, stage, reason);
            default ->
                held(meansMechanism(stage, reply) ? BlastRadius.MECHANISM : BlastRadius.CREDENTIAL, stage, reason);
        };
    }

    // 504 is the standard's word for an unknown mechanism; 500 to 503 are what the field says instead.
    private static boolean meansMechanism(DeliveryStage stage, SmtpReply reply) {
        return stage == DeliveryStage.AUTH_SENT && reply.code() >= 500 && reply.code() <= 504;
    }

    /**
     * Whether another version of the credential may fare better at once, in the same attempt.
     *
     * @param onTrial whether this version was only tried: then the other one may have a session to spare
     */
    public static boolean mayTakeAnotherVersion(Judgement judgement, boolean onTrial) {
        return switch (judgement.radius()) {
            case CREDENTIAL, LOGIN, MECHANISM -> true;
            case US -> onTrial;
            case RECIPIENT, MESSAGE, SESSION, HOST, DOMAIN, STORE -> false;
        };
    }

    // ---------------------------------------------------------------- the mail transaction

    /**
     * What became of each recipient, in the order of the transaction.
     *
     * @param authenticated whether the session was
     */
    public List<DeliveryOutcome> transaction(TransactionResult result, boolean authenticated) {
        List<DeliveryOutcome> outcomes = new ArrayList<>();
        boolean someAccepted = false;
        for (RecipientReply recipient : result.recipients()) {
            DeliveryOutcome outcome = recipient(result, recipient, authenticated, someAccepted);
            outcomes.add(outcome);
            someAccepted |=
                    recipient.reply().filter(SmtpReply::isPositiveCompletion).isPresent();
        }
        return outcomes;
    }

    private static DeliveryOutcome recipient(
            TransactionResult result, RecipientReply recipient, boolean authenticated, boolean someAccepted) {
        Optional<SmtpReply> mail = result.mail().filter(said -> !said.isPositiveCompletion());
        if (mail.isPresent()) {
            return mail(mail.get(), authenticated);
        }
        Optional<SmtpReply> refusal = recipient.reply().filter(said -> !said.isPositiveCompletion());
        if (refusal.isPresent()) {
            return recipientRefused(refusal.get(), someAccepted);
        }
        if (recipient.confirmation().isPresent()) {
            return confirmed(recipient.confirmation().get());
        }
        // A complete refusal counts even if it came before the end of the content and the session went with it.
        return result.fault()
                .filter(fault -> result.confirmation().isEmpty())
                .<DeliveryOutcome>map(fault -> lost(fault, result.isPossibleDuplicate()))
                .orElseGet(() -> content(result));
    }

    private static DeliveryOutcome mail(SmtpReply reply, boolean authenticated) {
        // A server that has forgotten the login speaks of us, not of the message.
        boolean aboutUs = reply.code() == AUTHENTICATION_REQUIRED || reply.code() == BAD_SEQUENCE;
        if (reply.isPermanentNegative() && aboutUs) {
            String why = authenticated ? "the peer forgot the authentication: " : "the peer wants authentication: ";
            return new Held(DeliveryStage.MAIL, why + reply);
        }
        return refused(DeliveryStage.MAIL, reply);
    }

    // RFC 5321 section 4.5.3.1.10: after some were accepted, 552 means "too many" and is temporary.
    private static DeliveryOutcome recipientRefused(SmtpReply reply, boolean someAccepted) {
        return reply.code() == TOO_MUCH && someAccepted
                ? new Deferred(DeliveryStage.RCPT, reply.toString(), Optional.of(reply), false)
                : refused(DeliveryStage.RCPT, reply);
    }

    private static DeliveryOutcome content(TransactionResult result) {
        Optional<SmtpReply> data = result.data().filter(said -> said.replyClass() > 3);
        if (data.isPresent()) {
            return refused(DeliveryStage.DATA, data.get());
        }
        return result.confirmation()
                .map(FailurePolicy::confirmed)
                .orElseGet(() -> new Deferred(
                        result.stage(), "the transaction ended without a final reply", Optional.empty(), false));
    }

    private static DeliveryOutcome confirmed(SmtpReply said) {
        return said.isPositiveCompletion() ? new Delivered(said) : refused(DeliveryStage.CONFIRMATION, said);
    }

    // RFC 1047: once the final dot is on its way, the peer may hold the message whatever we hear, but for a refusal.
    private static DeliveryOutcome lost(SmtpFault fault, boolean mayHoldCopy) {
        boolean refused = fault.reply().filter(said -> said.replyClass() > 3).isPresent();
        return new Deferred(fault.stage(), fault.getMessage(), fault.reply(), mayHoldCopy && !refused);
    }

    private static DeliveryOutcome refused(DeliveryStage stage, SmtpReply reply) {
        return reply.isPermanentNegative()
                ? new Failed(stage, reply.toString(), Optional.of(reply))
                : new Deferred(stage, reply.toString(), Optional.of(reply), false);
    }

    /**
     * Whether the message goes out over another session at once, and no attempt is counted: the one it had died of old age
     * rather than because of it, or the peer does not know the BDAT that it offers.
     *
     * @param reused whether the session had served before
     */
    public boolean isForAnotherSession(TransactionResult result, boolean reused) {
        return isStaleSession(result, reused)
                || result.fault()
                        .filter(fault -> fault.kind() == SmtpFault.Kind.CHUNKING_REFUSED)
                        .isPresent();
    }

    private static boolean isStaleSession(TransactionResult result, boolean reused) {
        return reused
                && result.fault().isPresent()
                && result.confirmation().isEmpty()
                && !result.isPossibleDuplicate()
                && result.mail().filter(SmtpReply::isPositiveCompletion).isEmpty();
    }

    /**
     * Whether one more attempt may follow within seconds: the connection was lost in the mail transaction, as it is when a
     * peer restarts, and the peer cannot hold a copy. A peer that said something wants to be left alone for a while.
     */
    public boolean isWorthAQuickRetry(DeliveryOutcome outcome, Optional<Judgement> judgement) {
        return outcome instanceof Deferred deferred
                && judgement.isEmpty()
                && deferred.reply().isEmpty()
                && !deferred.possibleDuplicate();
    }

    // ---------------------------------------------------------------- time

    /** How long held mail waits at most before it is looked at again; whatever changes on this side comes earlier. */
    public Duration holdFor(Optional<Judgement> judgement, Instant now) {
        return judgement
                .flatMap(Judgement::until)
                .map(until -> Duration.between(now, until))
                .orElseGet(() -> concernsPeer(judgement) ? HOLD_FOR_PEER : HOLD_FOR_US);
    }

    private static boolean concernsPeer(Optional<Judgement> judgement) {
        return judgement
                .map(Judgement::radius)
                .filter(whom -> whom == BlastRadius.HOST || whom == BlastRadius.MECHANISM)
                .isPresent();
    }

    /** The message has been here for too long. */
    public Failed expired(DeliveryOutcome last) {
        return switch (last) {
            case Held held ->
                new Failed(
                        held.stage(),
                        "5.4.7 message expired; the sending side could not authenticate or proceed: " + held.reason(),
                        Optional.empty());
            case Deferred deferred ->
                new Failed(deferred.stage(), "5.4.7 message expired: " + deferred.reason(), deferred.reply());
            case Failed failed -> failed;
            case Delivered delivered -> throw new IllegalArgumentException("a delivered message does not expire");
        };
    }

    /** The sender cannot be told now that delivery failed: nothing of it is forgotten before. */
    public DeliveryOutcome notNotified(DeliveryOutcome outcome) {
        return outcome instanceof Failed failed
                ? new Held(failed.stage(), "the sender could not be told: " + failed.reason())
                : outcome;
    }

    /**
     * Whether there is no hope any more of reading a message that has failed, so that its sender is told without it. A disk
     * that fails for a moment takes nobody's header away, whatever the clock says that day.
     *
     * @param lasting how long it has not been read, by a clock that nobody sets
     * @param tries how often that was tried, by this process
     */
    public boolean isUnreadableForGood(Duration lasting, int tries) {
        return tries >= UNREADABLE_TIMES && lasting.compareTo(UNREADABLE_FOR) >= 0;
    }

    /**
     * The message has been here for too long and is not tried once more.
     *
     * @param last what the last attempt came to, if that is known
     */
    public Judgement expiredUntried(Optional<String> last) {
        String reason = "5.4.7 [internal] delivery not attempted (message expired)"
                + last.map(why -> "; before: " + why).orElse("");
        return new Judgement(BlastRadius.MESSAGE, new Failed(DeliveryStage.NOT_CONNECTED, reason, Optional.empty()));
    }

    /**
     * The scope allows no further attempt. What failed on this side is not the recipient's fault and waits all the same.
     *
     * @param judgement what ended the attempt before a mail transaction, if something did
     */
    public DeliveryOutcome outOfRetries(DeliveryOutcome last, Optional<Judgement> judgement) {
        return last instanceof Deferred deferred && !isOurs(deferred, judgement)
                ? new Failed(
                        deferred.stage(),
                        "5.4.7 [internal] exceeded max retries without delivery: " + deferred.reason(),
                        deferred.reply())
                : last;
    }

    private static boolean isOurs(Deferred deferred, Optional<Judgement> judgement) {
        boolean inAuth =
                deferred.stage() == DeliveryStage.AUTH_SENT || deferred.stage() == DeliveryStage.AUTH_CHALLENGE;
        return inAuth
                || judgement.filter(last -> last.radius() == BlastRadius.US).isPresent();
    }

    private static Judgement held(BlastRadius radius, DeliveryStage stage, String reason) {
        return new Judgement(radius, new Held(stage, reason));
    }

    private static Judgement deferred(BlastRadius radius, DeliveryStage stage, String reason) {
        return new Judgement(radius, new Deferred(stage, reason, Optional.empty(), false));
    }
}
