// SPDX-License-Identifier: Apache-2.0
package org.postern.core.delivery;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.postern.core.auth.AuthPlanner;
import org.postern.core.auth.Channel;
import org.postern.core.auth.DisclosureGuard;
import org.postern.core.auth.DowngradeMemory;
import org.postern.core.auth.Endpoint;
import org.postern.core.auth.InstalledMechanism;
import org.postern.core.auth.LoginBreaker;
import org.postern.core.auth.LoginPermit;
import org.postern.core.auth.MechanismChoice;
import org.postern.core.auth.MechanismLease;
import org.postern.core.auth.MechanismRegistry;
import org.postern.core.outcome.BlastRadius;
import org.postern.core.outcome.FailurePolicy;
import org.postern.core.outcome.Judgement;
import org.postern.core.outcome.Transcoding;
import org.postern.core.sasl.AuthResult;
import org.postern.core.sasl.SaslDialogue;
import org.postern.core.smtp.SmtpConnection;
import org.postern.core.smtp.SmtpFault;
import org.postern.spi.mail.DeliveryStage;
import org.postern.spi.mail.SmtpReply;
import org.postern.spi.policy.ResolvedAuth;
import org.postern.spi.sasl.SaslExchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Authenticates a session that has just been opened: chooses a mechanism, asks whether the secret may be shown, and has
 * the dialogue. Another mechanism is tried only when the peer refused the mechanism, never when it refused the
 * credential.
 */
@Singleton
final class Authenticator {

    private static final Logger LOG = LoggerFactory.getLogger(Authenticator.class);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final LoginBreaker breaker;
    private final AuthPlanner planner;
    private final MechanismRegistry mechanisms;
    private final DowngradeMemory memory;
    private final DisclosureGuard guard;
    private final LoginJournal journal;
    private final FailurePolicy policy;
    private final Grace grace;

    @Inject
    Authenticator(
            LoginBreaker breaker,
            AuthPlanner planner,
            MechanismRegistry mechanisms,
            DowngradeMemory memory,
            DisclosureGuard guard,
            LoginJournal journal,
            FailurePolicy policy,
            Grace grace) {
        this.breaker = breaker;
        this.planner = planner;
        this.mechanisms = mechanisms;
        this.memory = memory;
        this.guard = guard;
        this.journal = journal;
        this.policy = policy;
        this.grace = grace;
    }

    /** What logins are counted by: the name and the port, whichever address the name has. */
    static Endpoint loginEndpoint(org.postern.core.smtp.Endpoint endpoint) {
        return new Endpoint(endpoint.host(), endpoint.port());
    }

    /**
     * Waits for its turn among the logins of this identity, and returns the name of the mechanism that succeeded.
     *
     * @param transcoding what refusals are taken for
     * @throws NotDeliverable if none did, or no login may be tried now; the breaker has then been told why
     * @throws SmtpFault if the session is lost; likewise
     */
    String authenticate(SmtpConnection connection, Login.As login, Transcoding transcoding)
            throws NotDeliverable, SmtpFault, InterruptedException {
        try (LoginPermit permit = admit(connection, login)) {
            if (!connection.isUsable()) {
                throw SmtpFault.of(
                        DeliveryStage.AUTH_SENT,
                        SmtpFault.Kind.CONNECTION_LOST,
                        "the peer ended the session before its turn to log in had come",
                        Optional.empty());
            }
            return authenticate(connection, login, transcoding, permit);
        }
    }

    private LoginPermit admit(SmtpConnection connection, Login.As login) throws NotDeliverable, InterruptedException {
        return switch (breaker.admit(login.ready().identity(), loginEndpoint(connection.endpoint()), PATIENCE)) {
            case LoginBreaker.Admission.Go go -> go.permit();
            case LoginBreaker.Admission.Wait wait ->
                throw new NotDeliverable(policy.breakerOpen(wait.reason(), wait.until()));
        };
    }

    private String authenticate(SmtpConnection connection, Login.As login, Transcoding transcoding, LoginPermit permit)
            throws NotDeliverable, SmtpFault, InterruptedException {
        Set<String> offered = new HashSet<>(connection.capabilities().mechanisms());
        List<String> givenUp = new ArrayList<>();
        Channel channel = new Channel(
                loginEndpoint(connection.endpoint()), connection.endpoint().address(), connection.tls());
        while (true) {
            try (MechanismLease lease = choose(login, offered, givenUp, channel)) {
                Optional<Judgement> refusal = tryOne(connection, login, offered, channel, lease, transcoding, permit);
                if (refusal.isEmpty()) {
                    memory.worked(login.ready().identity(), channel.endpoint(), lease.installed());
                    return lease.installed().name();
                }
                if (refusal.get().radius() != BlastRadius.MECHANISM) {
                    throw new NotDeliverable(refusal.get());
                }
                offered.remove(lease.installed().name());
                givenUp.add(lease.installed().name() + " (" + refusal.get().reason() + ")");
            }
        }
    }

    private MechanismLease choose(Login.As login, Set<String> offered, List<String> givenUp, Channel channel)
            throws NotDeliverable, InterruptedException {
        while (true) {
            long revision = mechanisms.revision();
            MechanismChoice choice =
                    planner.choose(login.plan(), login.ready(), offered, channel, mechanisms.installed());
            Optional<MechanismLease> lease = switch (choice) {
                case MechanismChoice.Usable usable -> lease(usable, channel);
                case MechanismChoice.Weaker weaker -> leaseWeaker(weaker, offered, revision);
                case MechanismChoice.NoneUsable none -> {
                    if (!changes(revision)) {
                        tellOfRefusals(login, offered, channel);
                        throw new NotDeliverable(
                                policy.noMechanism(none.explanation() + tried(givenUp), !offered.isEmpty()));
                    }
                    yield Optional.empty();
                }
            };
            if (lease.isPresent()) {
                return lease.get();
            }
        }
    }

    /** Of what could have been used, had the secret been allowed to be shown. */
    private void tellOfRefusals(Login.As login, Set<String> offered, Channel channel) {
        ResolvedAuth auth = login.plan().auth();
        for (InstalledMechanism mechanism : mechanisms.installed()) {
            boolean wanted = auth.mechanisms().isEmpty() || auth.mechanisms().contains(mechanism.name());
            if (wanted
                    && offered.contains(mechanism.name())
                    && mechanism.feeds().contains(login.credential().kind())) {
                journal.judged(
                        new LoginJournal.Try(login, channel, mechanism),
                        guard.consider(mechanism, login.credential(), auth, channel));
            }
        }
    }

    private static String tried(List<String> givenUp) {
        return givenUp.isEmpty() ? "" : "; tried in this session: " + String.join(", ", givenUp);
    }

    /** What the peer took back is its doing and refused; what is missing here is most likely being replaced. */
    private Optional<MechanismLease> leaseWeaker(MechanismChoice.Weaker weaker, Set<String> offered, long revision)
            throws NotDeliverable, InterruptedException {
        if (weaker.byPeer()) {
            memory.refused(weaker.known(), String.join(" ", new TreeSet<>(offered)), weaker.explanation());
            throw new NotDeliverable(policy.downgraded(weaker.explanation()));
        }
        return changes(revision)
                ? Optional.empty()
                : mechanisms.lease(weaker.usable().best().name());
    }

    private Optional<MechanismLease> lease(MechanismChoice.Usable usable, Channel channel) {
        if (LOG.isDebugEnabled()) {
            LOG.debug("{}: {}", channel.endpoint(), usable.explanation());
        }
        return mechanisms.lease(usable.best().name());
    }

    private boolean changes(long revision) throws InterruptedException {
        Duration left = grace.left();
        return left.isPositive() && mechanisms.awaitChange(revision, left);
    }

    private Optional<Judgement> tryOne(
            SmtpConnection connection,
            Login.As login,
            Set<String> offered,
            Channel channel,
            MechanismLease lease,
            Transcoding transcoding,
            LoginPermit permit)
            throws SmtpFault {
        InstalledMechanism mechanism = lease.installed();
        LoginJournal.Try attempt = new LoginJournal.Try(login, channel, mechanism);
        DisclosureGuard.Verdict verdict =
                guard.judge(mechanism, login.credential(), login.plan().auth(), channel);
        journal.judged(attempt, verdict);
        switch (verdict) {
            case DisclosureGuard.Verdict.Refusal refusal -> {
                return Optional.of(policy.disclosureRefused(refusal.reason()));
            }
            case DisclosureGuard.Verdict.Permit permitted -> {}
        }
        ResolvedAuth auth = login.plan().auth();
        PeerContext context =
                new PeerContext(connection.endpoint(), auth.authorization(), Set.copyOf(offered), connection.tls());
        try (SaslExchange exchange = lease.mechanism().open(context, login.credential())) {
            return judge(
                    SaslDialogue.authenticate(connection, mechanism.name(), exchange, auth.initialResponse()),
                    attempt,
                    transcoding,
                    permit);
        } catch (IllegalArgumentException cannotExpress) {
            return Optional.of(policy.cannotExpress(
                    mechanism.name() + " cannot express this credential: " + cannotExpress.getMessage()));
        } catch (SmtpFault fault) {
            settleLost(fault, attempt, permit);
            throw fault;
        } catch (RuntimeException | LinkageError broken) {
            return Optional.of(policy.internalError(
                    DeliveryStage.AUTH_SENT,
                    "mechanism " + mechanism.name() + " of " + mechanism.bundle() + " failed: "
                            + broken.getClass().getName()));
        }
    }

    private void settleLost(SmtpFault fault, LoginJournal.Try attempt, LoginPermit permit) {
        if (fault.stage() == DeliveryStage.AUTH_SENT || fault.stage() == DeliveryStage.AUTH_CHALLENGE) {
            journal.ended(attempt, "lost", fault.getMessage());
            attempt.tell(permit, fault.getMessage());
            permit.failedTransiently();
        }
    }

    private Optional<Judgement> judge(
            AuthResult result, LoginJournal.Try attempt, Transcoding transcoding, LoginPermit permit) {
        return switch (result) {
            case AuthResult.Authenticated authenticated -> {
                journal.ended(attempt, "succeeded", authenticated.reply().toString());
                attempt.tell(permit, authenticated.reply().toString());
                permit.succeeded();
                yield Optional.empty();
            }
            case AuthResult.Refused refused -> {
                SmtpReply reply = transcoding.apply(refused.reply());
                Judgement judgement = policy.authRefused(refused.stage(), reply, refused.detail());
                journal.ended(attempt, reply.isTransientNegative() ? "failed for now" : "refused", reply.toString());
                attempt.tell(permit, reply.toString());
                settleRefused(judgement, reply, permit);
                yield Optional.of(judgement);
            }
            case AuthResult.Aborted aborted -> {
                journal.ended(attempt, "aborted", aborted.reason());
                if (aborted.begun()) {
                    attempt.tell(permit, aborted.reason());
                    permit.failedTransiently();
                }
                yield Optional.of(policy.exchangeAborted(aborted.reason()));
            }
        };
    }

    private static void settleRefused(Judgement judgement, SmtpReply reply, LoginPermit permit) {
        if (judgement.radius() == BlastRadius.CREDENTIAL) {
            permit.refused();
        } else if (reply.isTransientNegative()) {
            permit.failedTransiently();
        }
    }
}
