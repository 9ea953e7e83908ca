// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import org.postern.spi.cluster.SharedRegisters;
import org.postern.spi.credential.Validity;

/** What is known of the logins of one identity at one endpoint, here and by others. Guarded by the breaker's lock. */
final class LoginRecord {

    private static final List<Duration> PROBES = List.of(
            Duration.ofMinutes(1),
            Duration.ofMinutes(2),
            Duration.ofMinutes(5),
            Duration.ofMinutes(15),
            Duration.ofMinutes(30),
            Duration.ofMinutes(60));

    private static final Duration FIRST_BACK_OFF = Duration.ofSeconds(30);
    private static final Duration LONGEST_BACK_OFF = Duration.ofMinutes(10);

    private final LoginAccount account;
    private final Condition turn;
    private int running;
    private int waiting;
    private boolean proven;
    /** Changes with every verdict, so that logins which began before one do not count twice. */
    private int epoch;

    private int refusals;
    private Instant probeDue = Instant.MIN;
    /** When the probe was due before a store's news brought it forward. */
    private Instant regularProbe = Instant.MIN;

    private boolean extraLoginSpent;
    private int failures;
    private Instant backOffEnds = Instant.MIN;
    private Optional<LoginState.LastLogin> last = Optional.empty();
    private Validity validity = Validity.UNKNOWN;

    /** Until when another relay tries; or this one, while a login is running. */
    private Instant triedUntil = Instant.MIN;
    /** Of what others know. */
    private long revision = SharedRegisters.ABSENT;
    /** Counts what happened here that others are to know, and how much of it they do. */
    private long news;

    private long told;

    LoginRecord(LoginAccount account, Condition turn) {
        this.account = account;
        this.turn = turn;
    }

    LoginAccount account() {
        return account;
    }

    Condition turn() {
        return turn;
    }

    int epoch() {
        return epoch;
    }

    boolean isOpen() {
        return refusals > 0;
    }

    int refusals() {
        return refusals;
    }

    LoginState state() {
        return new LoginState(account.identity(), account.endpoint(), validity, refusals, notBefore(), last);
    }

    void said(String reply, Validity of, Instant now) {
        last = Optional.of(new LoginState.LastLogin(now, reply));
        validity = of;
    }

    boolean isInUse() {
        return running > 0 || waiting > 0;
    }

    boolean isHealthy(Instant now) {
        return refusals == 0 && !now.isBefore(backOffEnds);
    }

    Instant notBefore() {
        return probeDue.isAfter(backOffEnds) ? probeDue : backOffEnds;
    }

    String trouble() {
        Instant due = notBefore().truncatedTo(ChronoUnit.SECONDS);
        return refusals > 0
                ? "was refused " + times(refusals) + "; the next try is due at " + due
                : "failed for now " + times(failures) + "; the next try is due at " + due;
    }

    /** How long another relay may still take over its login, if that keeps others from theirs. */
    Optional<Duration> triedElsewhere(Instant now) {
        return running == 0 && !proven && now.isBefore(triedUntil)
                ? Optional.of(Duration.between(now, triedUntil))
                : Optional.empty();
    }

    boolean take(Instant now) {
        if (running >= lanes() || triedElsewhere(now).isPresent()) {
            return false;
        }
        running++;
        return true;
    }

    void giveBack() {
        running--;
    }

    /** Whether only one login may be made at a time, over all relays. */
    boolean isUnproven() {
        return !proven;
    }

    /** Whether the turn that was taken is still of use. */
    boolean mayBeTried(Instant now) {
        return !now.isBefore(notBefore()) && (proven || !now.isBefore(triedUntil));
    }

    void triedUntil(Instant end) {
        triedUntil = end;
    }

    /** The one login that was made over all relays is over. */
    void endTry() {
        triedUntil = Instant.MIN;
        news++;
    }

    void arrive() {
        waiting++;
    }

    void depart() {
        waiting--;
    }

    /** As many as can go now, or all where they are to be told to go away. */
    void wake() {
        if (refusals > 0 || failures > 0) {
            turn.signalAll();
            return;
        }
        for (int free = lanes() - running; free > 0; free--) {
            turn.signal();
        }
    }

    void succeeded() {
        if (!proven) {
            news++;
        }
        proven = true;
        epoch++;
        refusals = 0;
        failures = 0;
        extraLoginSpent = false;
        probeDue = Instant.MIN;
        backOffEnds = Instant.MIN;
    }

    void refused(int since, Instant now) {
        proven = false;
        if (since != epoch) {
            return;
        }
        epoch++;
        news++;
        failures = 0;
        if (extraLoginSpent && now.isBefore(regularProbe)) {
            probeDue = regularProbe;
            return;
        }
        refusals++;
        probeDue = now.plus(PROBES.get(Math.min(refusals, PROBES.size()) - 1));
        regularProbe = probeDue;
        // A second login that is still out counts as the one that this interval has to spare.
        extraLoginSpent = running > 0;
    }

    void failedTransiently(int since, Instant now) {
        if (since != epoch) {
            return;
        }
        epoch++;
        failures++;
        backOffEnds = now.plus(backOff());
    }

    void makeProbeDue(Instant now) {
        if (refusals > 0 && !extraLoginSpent && now.isBefore(probeDue)) {
            extraLoginSpent = true;
            probeDue = now;
            news++;
        }
    }

    LoginFact fact() {
        return new LoginFact(proven, refusals, probeDue, regularProbe, extraLoginSpent, triedUntil);
    }

    long revision() {
        return revision;
    }

    long news() {
        return news;
    }

    boolean isUntold() {
        return news > told;
    }

    /** The others know what happened here up to then. */
    void told(long as, long upTo) {
        revision = Math.max(revision, as);
        told = Math.max(told, upTo);
    }

    /** The others know nothing any more. */
    void ended() {
        revision = SharedRegisters.ABSENT;
    }

    /** The others know what is not understood here. */
    void unreadable(long as) {
        revision = as;
    }

    /** What others know, together with what happened here and they do not know yet. */
    void takeUp(LoginFact theirs, long as) {
        revision = as;
        triedUntil = theirs.triedUntil();
        LoginFact both = isUntold() ? fact().mergedWith(theirs) : theirs;
        if (both.equals(theirs)) {
            told = news;
        }
        if (both.hasVerdict()) {
            judge(both);
        }
    }

    private void judge(LoginFact fact) {
        boolean another = fact.proven() != proven || fact.refusals() != refusals;
        proven = fact.proven();
        refusals = fact.refusals();
        probeDue = fact.probeDue();
        regularProbe = fact.regularProbe();
        extraLoginSpent = fact.extraLoginSpent();
        if (!another) {
            return;
        }
        epoch++;
        failures = 0;
        if (proven) {
            backOffEnds = Instant.MIN;
        } else if (running > 0 && !extraLoginSpent) {
            extraLoginSpent = true;
            news++;
        }
    }

    private int lanes() {
        return proven && refusals == 0 && failures == 0 ? 2 : 1;
    }

    private Duration backOff() {
        Duration doubled = FIRST_BACK_OFF.multipliedBy(1L << Math.min(failures - 1, 10));
        return doubled.compareTo(LONGEST_BACK_OFF) < 0 ? doubled : LONGEST_BACK_OFF;
    }

    private static String times(int count) {
        return count == 1 ? "once" : count + " times";
    }
}
