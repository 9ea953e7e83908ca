// SPDX-License-Identifier: Apache-2.0
package org.postern.core.delivery;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.postern.core.cluster.Cluster;
import org.postern.core.limits.Account;
import org.postern.core.limits.CredentialLimits;
import org.postern.core.limits.LimitUsage;
import org.postern.core.outcome.FailurePolicy;
import org.postern.core.queue.QueuedMessage;
import org.postern.core.queue.TurnQueue;
import org.postern.core.scope.Resolution;
import org.postern.core.session.Place;
import org.postern.core.session.SessionKey;
import org.postern.core.session.SessionLimit;
import org.postern.core.session.SessionPool;
import org.postern.engine.dto.CredentialView;
import org.postern.spi.credential.AuthIdentity;
import org.postern.spi.policy.OutboundAuthSettings;

/**
 * How much an account may be used for at a peer. What is more waits for its turn, oldest first, and holds up no other
 * account.
 *
 * <p>Threading: safe for many threads. To count may wait for the storage that relays share; nothing else blocks.
 */
@Singleton
final class Allowances {

    private final LimitUsage usage;
    private final SessionPool pool;
    private final TurnQueue turns;
    private final FailurePolicy policy;
    private final Clock clock;
    private final Cluster cluster;

    @Inject
    Allowances(
            LimitUsage usage, SessionPool pool, TurnQueue turns, FailurePolicy policy, Clock clock, Cluster cluster) {
        this.usage = usage;
        this.pool = pool;
        this.turns = turns;
        this.policy = policy;
        this.clock = clock;
        this.cluster = cluster;
    }

    /** What limits hold for this identity at this peer. */
    static Turn turn(Optional<AuthIdentity> identity, String peer, Resolution options) {
        return identity.map(who -> new Turn(Account.of(who, peer), limits(options)))
                .orElseGet(() -> new Turn(new Account("", Optional.empty(), peer), CredentialLimits.NONE));
    }

    static CredentialLimits limits(Resolution options) {
        return options.derived(
                CredentialLimits.class,
                scope -> CredentialLimits.of(
                        scope.get(OutboundAuthSettings.LIMITS).value().orElse(List.of())));
    }

    /**
     * Counts a message that is about to go.
     *
     * @throws OverLimit if it may not go yet
     */
    Use message(Turn turn, QueuedMessage message) throws OverLimit {
        if (turn.limits().isEmpty()) {
            return Use.UNLIMITED;
        }
        int recipients = message.recipients().size();
        if (turns.isBehind(turn, message)) {
            throw over(turn, "older mail of " + turn.account() + " waits for its turn before this", nextRoom(turn));
        }
        Optional<LimitUsage.Shortage> shortage = usage.takeMessage(turn.account(), turn.limits(), recipients);
        turns.arrived(message);
        if (shortage.isPresent()) {
            throw over(turn, shortage.get());
        }
        return taken -> usage.giveBack(turn.account(), turn.limits(), taken == 0 ? 1 : 0, recipients - taken);
    }

    private Instant nextRoom(Turn turn) {
        return usage.messageShortage(turn.account(), turn.limits())
                .map(LimitUsage.Shortage::until)
                .orElseGet(clock::instant);
    }

    /**
     * Room for another session. One that has nothing to do is closed for it, unless it is just what is wanted.
     *
     * @throws OverLimit if there are as many as there may be, or no further login may begin
     */
    Place session(Turn turn, SessionKey wanted) throws OverLimit {
        Optional<LimitUsage.Shortage> shortage = usage.loginShortage(turn.account(), turn.limits());
        if (shortage.isPresent()) {
            throw over(turn, shortage.get());
        }
        if (turn.limits().isEmpty()) {
            return pool.reserve(List.of()).orElseThrow();
        }
        long most = turn.limits().sessions().orElse(Long.MAX_VALUE);
        Optional<Place> place = pool.reserve(List.of(limit(turn.account(), most)), wanted);
        return place.orElseThrow(() -> over(
                turn,
                turn.account() + " has the " + most + " sessions at work that its limit sessions=" + most
                        + " allows; it goes on as soon as one of them is free",
                clock.instant()));
    }

    private SessionLimit limit(Account account, long most) {
        boolean counted = cluster.isShared() && most < Long.MAX_VALUE;
        return new SessionLimit(account, most, counted ? Optional.of(account.sharedName()) : Optional.empty());
    }

    /**
     * Counts a login that is about to begin.
     *
     * @throws OverLimit if it may not
     */
    void login(Turn turn) throws OverLimit {
        Optional<LimitUsage.Shortage> shortage = usage.takeLogin(turn.account(), turn.limits());
        if (shortage.isPresent()) {
            throw over(turn, shortage.get());
        }
    }

    /** The login did not take place. */
    void withdrawLogin(Turn turn) {
        usage.giveBackLogin(turn.account(), turn.limits());
    }

    /** How many messages wait for a limit of an account. */
    int waiting(Account account) {
        return turns.lines(account).stream().mapToInt(turns::waiting).sum();
    }

    /** The limits of an account that held when it was used last, and how far they are used up. */
    List<CredentialView.Limit> limits(Account account) {
        CredentialLimits limits = usage.inForce(account);
        List<CredentialView.Limit> all = new ArrayList<>();
        limits.sessions()
                .ifPresent(most -> all.add(new CredentialView.Limit(
                        "sessions=" + most, pool.usage(account).taken(), most)));
        usage.used(account, limits)
                .forEach(one -> all.add(new CredentialView.Limit(
                        one.rate().toString(), one.used(), one.rate().most())));
        return all;
    }

    private OverLimit over(Turn turn, LimitUsage.Shortage shortage) {
        return over(
                turn,
                turn.account() + " " + shortage.reason() + "; it goes on at "
                        + shortage.until().truncatedTo(ChronoUnit.SECONDS),
                shortage.until());
    }

    private OverLimit over(Turn turn, String reason, Instant until) {
        return new OverLimit(policy.overLimit(reason, until), turn);
    }

    /** Mail whose turn has come, wherever there is room. To be called about once a second. */
    List<QueuedMessage> callUp() {
        return callUp(turns.lines());
    }

    /** The same, after a session under this limit has ended or finished a message. */
    List<QueuedMessage> callUp(Object limit) {
        return callUp(turns.lines(limit));
    }

    private List<QueuedMessage> callUp(Set<Object> lines) {
        return lines.stream()
                .map(Turn.class::cast)
                .flatMap(turn -> callUp(turn).stream())
                .toList();
    }

    private List<QueuedMessage> callUp(Turn turn) {
        LimitUsage.Room room = usage.room(turn.account(), turn.limits());
        return turns.call(
                turn,
                Math.min(room.messages(), sessions(turn, room.logins())),
                room.recipients(),
                recipients -> usage.fits(turn.account(), turn.limits(), recipients));
    }

    private long sessions(Turn turn, long logins) {
        SessionPool.Usage open = pool.usage(turn.account());
        long more = turn.limits().sessions().orElse(Long.MAX_VALUE) - open.taken();
        long fresh = Math.max(0, Math.min(more, logins));
        return fresh > Integer.MAX_VALUE ? fresh : fresh + open.idle();
    }
}
