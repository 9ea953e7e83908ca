// SPDX-License-Identifier: Apache-2.0
package org.postern.core.delivery;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.postern.core.auth.NotAnswered;
import org.postern.core.outcome.FailurePolicy;
import org.postern.core.queue.QueuedMessage;
import org.postern.core.route.Hop;
import org.postern.core.scope.OutboundSettings;
import org.postern.core.scope.Resolution;
import org.postern.core.scope.Resolved;
import org.postern.core.session.PooledSession;
import org.postern.core.session.SessionPool;
import org.postern.core.smtp.Pipelining;
import org.postern.core.smtp.SmtpFault;
import org.postern.core.smtp.TransactionResult;
import org.postern.spi.credential.AuthIdentity;
import org.postern.spi.mail.DeliveryOutcome;
import org.postern.spi.mail.DeliveryStage;
import org.postern.spi.policy.ResolvedAuth;
import org.postern.spi.spool.Spool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One attempt, from queue to outcome: the table of contents of the engine. */
@Singleton
final class DeliveryPipeline {

    private static final Logger LOG = LoggerFactory.getLogger(DeliveryPipeline.class);

    private final CurrentSettings settings;
    private final Contexts contexts;
    private final BindingChooser chooser;
    private final Hooks hooks;
    private final Logins logins;
    private final Routes routes;
    private final Sessions sessions;
    private final SessionPool pool;
    private final FailurePolicy policy;
    private final Untold untold;
    private final Spool spool;
    private final Clock clock;

    @Inject
    DeliveryPipeline(
            CurrentSettings settings,
            Contexts contexts,
            BindingChooser chooser,
            Hooks hooks,
            Logins logins,
            Routes routes,
            Sessions sessions,
            SessionPool pool,
            FailurePolicy policy,
            Untold untold,
            Spool spool,
            Clock clock) {
        this.settings = settings;
        this.contexts = contexts;
        this.chooser = chooser;
        this.hooks = hooks;
        this.logins = logins;
        this.routes = routes;
        this.sessions = sessions;
        this.pool = pool;
        this.policy = policy;
        this.untold = untold;
        this.spool = spool;
        this.clock = clock;
    }

    /**
     * @throws NotYet if a limit of the scopes lets it not begin
     * @throws NotAnswered if it cannot begin before a credential store has answered
     */
    AttemptResult deliver(QueuedMessage message, Convoy convoy) throws NotYet, NotAnswered, InterruptedException {
        Optional<Convoy.Begun> begun = convoy.take(message);
        return begun.isPresent() ? finish(begun.get(), convoy) : begin(message, convoy);
    }

    private AttemptResult begin(QueuedMessage message, Convoy convoy) throws NotYet, NotAnswered, InterruptedException {
        try {
            Resolution options =
                    settings.resolve(message.key().binding(), message.key().domain());
            stopIfExpired(message, options);
            stopIfBlackholed(options);
            stopIfSuspended(options);
            stopIfHidden(convoy);
            ResolvedAuth auth = hooks.resolve(new AttemptView(message, spool), variables(message), options);
            return deliver(message, options, auth, convoy);
        } catch (NotDeliverable stopped) {
            return AttemptResult.ended(message, stopped.judgement());
        }
    }

    private AttemptResult deliver(QueuedMessage message, Resolution options, ResolvedAuth auth, Convoy convoy)
            throws NotYet, NotAnswered, InterruptedException {
        Optional<String> user = auth.user().or(auth::key);
        try (Login login = login(message, auth)) {
            user = login.identity().map(AuthIdentity::user);
            List<Hop> hops = routes.find(
                    message.key(),
                    message.recipient(message.recipients().getFirst()).routingDomain(),
                    options);
            return deliver(message, options, hops, login, Optional.empty(), convoy);
        } catch (NotDeliverable stopped) {
            return ended(message, stopped, user);
        }
    }

    private Login login(QueuedMessage message, ResolvedAuth auth)
            throws NotDeliverable, NotAnswered, InterruptedException {
        return logins.obtain(
                auth, About.message(message.key(), message.message().envelope()), message.askedSince());
    }

    private static AttemptResult ended(QueuedMessage message, NotDeliverable stopped, Optional<String> user) {
        AttemptResult result = AttemptResult.ended(message, stopped.judgement()).as(user);
        return stopped instanceof OverLimit waiting ? result.inTurn(waiting.turn()) : result;
    }

    private AttemptResult finish(Convoy.Begun begun, Convoy convoy) throws NotYet, InterruptedException {
        try (Login login = begun.login()) {
            return deliver(begun.message(), begun.options(), begun.hops(), login, Optional.of(begun.ride()), convoy);
        } catch (NotDeliverable stopped) {
            return ended(begun.message(), stopped, begun.login().identity().map(AuthIdentity::user));
        }
    }

    private void stopIfExpired(QueuedMessage message, Resolution options) throws NotDeliverable {
        if (options.get(OutboundSettings.NEVER_ATTEMPT_EXPIRED_MESSAGES).orThrow()
                && RetryLimits.of(options).isExpired(message, clock.instant())) {
            throw new NotDeliverable(policy.expiredUntried(message.reason()));
        }
    }

    // A hook is outside: what it sees is accepted.
    private void stopIfHidden(Convoy convoy) throws NotDeliverable {
        if (!hooks.isEmpty() && !convoy.isAccepted()) {
            throw new NotDeliverable(policy.internalError(DeliveryStage.NOT_CONNECTED, SpooledContent.NOT_ACCEPTED));
        }
    }

    private void stopIfBlackholed(Resolution options) throws NotDeliverable {
        if (Blackhole.of(options) != Blackhole.OFF) {
            throw new NotDeliverable(policy.blackholed(
                    "5.7.1 [internal] blackholed by " + writer(options.get(OutboundSettings.BLACKHOLE))));
        }
    }

    private Map<String, String> variables(QueuedMessage message) throws NotDeliverable {
        Map<String, String> variables = contexts.of(message);
        return Contexts.lacksPassword(variables)
                ? chooser.variablesAgain(new AttemptView(message, spool), variables)
                : variables;
    }

    private void stopIfSuspended(Resolution options) throws NotDeliverable {
        Resolved<Boolean> suspended = options.get(OutboundSettings.SUSPEND_DELIVERY);
        if (suspended.orThrow()) {
            throw new NotDeliverable(policy.suspended("delivery is suspended by " + writer(suspended)));
        }
    }

    private static String writer(Resolved<?> option) {
        return option.place().map(Object::toString).orElse("default")
                + option.origin().map(origin -> " (" + origin + ")").orElse("");
    }

    // Another version of the credential may be the right one: no penalty, and no wait.
    private AttemptResult deliver(
            QueuedMessage message, Resolution options, List<Hop> hops, Login login, Optional<Ride> begun, Convoy convoy)
            throws NotDeliverable, NotYet, InterruptedException {
        try {
            return transact(message, options, hops, login, begun, convoy);
        } catch (NotDeliverable failed) {
            try (Login other = logins.instead(login, failed.judgement(), () -> asked(message, options, login))
                    .orElseThrow(() -> failed)) {
                return deliver(message, options, hops, other, Optional.empty(), convoy);
            }
        }
    }

    // A hook may have answered from memory; told that the answer was refused, it can ask its source.
    private ResolvedAuth asked(QueuedMessage message, Resolution options, Login login)
            throws NotDeliverable, InterruptedException {
        return hooks.isEmpty() && login instanceof Login.As as
                ? as.plan().auth()
                : hooks.resolve(new AttemptView(message.knowing(true), spool), variables(message), options);
    }

    private AttemptResult transact(
            QueuedMessage message, Resolution options, List<Hop> hops, Login login, Optional<Ride> begun, Convoy convoy)
            throws NotDeliverable, NotYet, InterruptedException {
        Optional<Ride> under = begun;
        while (true) {
            boolean behind = under.isPresent();
            Ride ride = behind ? under.get() : sessions.obtain(message, hops, login, options);
            under = Optional.empty();
            PooledSession session = ride.session();
            logins.served(login);
            boolean reused = behind || session.reused();
            TransactionResult result;
            try {
                Runnable sent = () -> follow(convoy, session, message, options, hops);
                result = behind
                        ? session.connection().finish(sent)
                        : session.connection().send(content(message, options, convoy::isAccepted), sent);
            } catch (RuntimeException | Error broken) {
                pool.discard(session);
                throw broken;
            }
            if (policy.isForAnotherSession(result, reused)) {
                ride.use().settle(0);
                pool.discard(session);
                continue;
            }
            List<DeliveryOutcome> outcomes = policy.transaction(
                    Transcodings.of(options).apply(result), login.identity().isPresent());
            ride.use().settle(outcomes);
            release(session, result, message.recipients().size());
            return AttemptResult.transacted(outcomes, session);
        }
    }

    /** While the peer makes up its mind, what comes next is begun if it can go the same way; else it is tried by itself. */
    private void follow(Convoy convoy, PooledSession session, QueuedMessage ahead, Resolution options, List<Hop> hops) {
        try {
            if (pipelining(options) == Pipelining.IFAVAILABLE
                    && session.connection().mayBegin()
                    && pool.maySendMore(session, ahead.recipients().size())
                    && settings.snapshot()
                            .filter(now -> now == options.snapshot())
                            .isPresent()) {
                convoy.follow(next -> begin(next, session, options, hops));
            }
        } catch (RuntimeException bug) {
            LOG.error("{}: nothing is sent behind it", ahead.message().id(), bug);
        }
    }

    private Optional<Convoy.Begun> begin(
            QueuedMessage queued, PooledSession session, Resolution options, List<Hop> hops) {
        QueuedMessage message = queued.unpacked();
        if (untold.concerns(message)
                || message.recipients().size()
                        > options.get(OutboundSettings.MAX_RECIPIENTS_PER_BATCH).orThrow()) {
            return Optional.empty();
        }
        try {
            stopIfExpired(message, options);
            ResolvedAuth auth = hooks.resolve(new AttemptView(message, spool), variables(message), options);
            return begin(queued, message, session, options, hops, login(message, auth));
        } catch (NotDeliverable | NotAnswered byItself) {
            return Optional.empty();
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** What does not ride closes its login, whatever keeps it back. */
    private Optional<Convoy.Begun> begin(
            QueuedMessage queued,
            QueuedMessage message,
            PooledSession session,
            Resolution options,
            List<Hop> hops,
            Login login) {
        boolean rides = false;
        try {
            Optional<Ride> ride = ride(message, session, options, hops, login);
            rides = ride.isPresent();
            return ride.map(under -> new Convoy.Begun(queued, message, options, hops, login, under));
        } finally {
            if (!rides) {
                login.close();
            }
        }
    }

    private Optional<Ride> ride(
            QueuedMessage message, PooledSession session, Resolution options, List<Hop> hops, Login login) {
        try {
            Optional<Ride> ride = sessions.along(session, message, hops, login, options);
            if (ride.isPresent() && !session.connection().begin(content(message, options, () -> true))) {
                ride.get().use().settle(0);
                return Optional.empty();
            }
            return ride;
        } catch (NotDeliverable byItself) {
            return Optional.empty();
        }
    }

    /** What was begun and will not be finished: the worker ends. */
    void abandon(Convoy convoy) {
        convoy.abandon().ifPresent(begun -> {
            pool.discard(begun.ride().session());
            begun.login().close();
        });
    }

    private SpooledContent content(QueuedMessage message, Resolution options, BooleanSupplier accepted) {
        boolean declares =
                !options.get(OutboundSettings.SEND_8BITMIME).orThrow().equals("no");
        boolean chunks =
                !options.get(OutboundSettings.OUTBOUND_CHUNKING).orThrow().equals("no");
        return new SpooledContent(spool, message, accepted, declares, chunks, pipelining(options));
    }

    private static Pipelining pipelining(Resolution options) {
        return Pipelining.valueOf(
                options.get(OutboundSettings.OUTBOUND_PIPELINING).orThrow().toUpperCase(Locale.ROOT));
    }

    private void release(PooledSession session, TransactionResult result, int recipients) {
        if (result.fault().isPresent()) {
            pool.discard(session);
            return;
        }
        if (session.connection().isFollowed()) {
            pool.goesOn(session, recipients);
            return;
        }
        if (result.confirmation().isEmpty()) {
            try {
                session.connection().reset();
            } catch (SmtpFault lost) {
                pool.discard(session);
                return;
            }
        }
        pool.giveBack(session, recipients);
    }
}
