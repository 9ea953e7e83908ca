// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.postern.core.audit.Audit;
import org.postern.core.audit.AuditEvent;
import org.postern.core.cluster.Cluster;
import org.postern.core.time.Waits;
import org.postern.spi.credential.AuthIdentity;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.Validity;

/**
 * Keeps a refused credential from being tried over and over, which gets accounts locked and addresses banned: one breaker
 * per identity, with its credential version, and endpoint.
 *
 * <p>Until the first success one login runs at a time, afterwards two, so that a password which turns wrong costs two
 * logins and not as many as there are connections. A refusal opens the breaker; then one probe is due after 1, 2, 5, 15
 * and 30 minutes, and every hour. A failure that is not final only slows logins down: 30 seconds, doubled up to 10
 * minutes.
 *
 * <p>Relays that share registers try no oftener together: see {@link SharedBreakers}.
 *
 * <p>Threading: safe for many threads. No lock is held while the storage of registers is asked.
 */
public final class LoginBreaker {

    private static final int ACCOUNTS_REMEMBERED = 10_000;

    private final Clock clock;
    private final Audit audit;
    private final Waits waits;
    private final int limit;
    private final ReentrantLock lock = new ReentrantLock();
    /** In the order of use, so that what nobody asks for any more is found first. */
    private final LinkedHashMap<LoginAccount, LoginRecord> records = new LinkedHashMap<>(16, 0.75f, true);

    private final SharedBreakers shared;

    /** Whether a login may begin now. */
    public sealed interface Admission {

        /**
         * It may. The permit must be settled.
         *
         * @param permit what to tell the result to
         */
        record Go(LoginPermit permit) implements Admission {}

        /**
         * It may not.
         *
         * @param until when to ask again
         * @param reason one line for people
         */
        record Wait(Instant until, String reason) implements Admission {}
    }

    /** Of a relay that is alone: reads the time from this clock, and tells of every breaker that opens or closes. */
    public LoginBreaker(Clock clock, Audit audit) {
        this(clock, audit, Waits.REAL);
    }

    /** The same. */
    public LoginBreaker(Clock clock, Audit audit, Waits waits) {
        this(clock, audit, waits, Cluster.alone());
    }

    /** The same, among others. */
    public LoginBreaker(Clock clock, Audit audit, Waits waits, Cluster cluster) {
        this(clock, audit, waits, cluster, ACCOUNTS_REMEMBERED);
    }

    LoginBreaker(Clock clock, Audit audit, int limit) {
        this(clock, audit, Waits.REAL, Cluster.alone(), limit);
    }

    private LoginBreaker(Clock clock, Audit audit, Waits waits, Cluster cluster, int limit) {
        this.clock = clock;
        this.audit = audit;
        this.waits = waits;
        this.limit = limit;
        this.shared = new SharedBreakers(cluster, clock, lock, limit, this::turnedElsewhere);
    }

    /** Calls this when others have done what lets mail go on that waits for a login. Not before the next look at them. */
    public void onGoesOn(Runnable listener) {
        shared.onGoesOn(listener);
    }

    /** Whether a login may begin now; answers at once, or when the storage that is shared with others does. */
    public Admission admit(AuthIdentity identity, Endpoint endpoint) {
        LoginAccount account = new LoginAccount(identity, endpoint);
        Admission admission;
        do {
            admission = here(account);
        } while (isBeaten(admission));
        return admission;
    }

    /** The same, but waits a while for its turn where others are just logging in. Not for an open breaker. */
    public Admission admit(AuthIdentity identity, Endpoint endpoint, Duration patience) throws InterruptedException {
        LoginAccount account = new LoginAccount(identity, endpoint);
        long end = waits.nanoTime() + patience.toNanos();
        Admission admission;
        do {
            admission = here(account, end);
        } while (isBeaten(admission));
        return admission;
    }

    /** Whether another relay makes the login that was to be made here. */
    private boolean isBeaten(Admission admission) {
        return admission instanceof Admission.Go(Permit permit) && permit.isOnlyOne && !shared.claim(permit.record);
    }

    private Admission here(LoginAccount account) {
        lock.lock();
        try {
            LoginRecord record = recordOf(account);
            return decide(record).orElseGet(() -> busy(record));
        } finally {
            lock.unlock();
        }
    }

    private Admission here(LoginAccount account, long end) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                LoginRecord record = recordOf(account);
                Optional<Admission> decided = decide(record);
                long left = end - waits.nanoTime();
                if (decided.isPresent() || left <= 0 || record.isOpen()) {
                    return decided.orElseGet(() -> busy(record));
                }
                awaitTurn(record, left);
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Why no login may begin now, without taking a turn: for before a connection is made for it. A login that is only
     * waiting for its turn is no obstacle, because its turn may have come when the connection is there.
     */
    public Optional<Admission.Wait> obstacle(AuthIdentity identity, Endpoint endpoint) {
        LoginAccount account = new LoginAccount(identity, endpoint);
        lock.lock();
        try {
            if (!records.containsKey(account) && !shared.hasHeardOf(account)) {
                return Optional.empty();
            }
            LoginRecord record = recordOf(account);
            return early(record).or(() -> isProbedNow(record) ? Optional.of(busy(record)) : Optional.empty());
        } finally {
            lock.unlock();
        }
    }

    private boolean isProbedNow(LoginRecord record) {
        return record.isOpen()
                && (record.isInUse() || record.triedElsewhere(clock.instant()).isPresent());
    }

    /**
     * A store says that this credential may have changed: a probe is due at once, one for each interval between the
     * regular ones. A new version needs no reset, because it is another identity.
     */
    public void reset(CredentialRef ref) {
        resetWhere(account -> CredentialResolver.isFrom(account.identity().source(), ref.key()));
    }

    /** The same for the credential of this {@linkplain AuthIdentity#source() source}. */
    public void reset(String source) {
        resetWhere(account -> account.identity().source().equals(source));
    }

    /** All credentials may have changed. */
    public void resetAll() {
        resetWhere(account -> true);
    }

    /** How the logins of everybody fare that is remembered; what was used last is last. */
    public List<LoginState> states() {
        lock.lock();
        try {
            return records.values().stream().map(LoginRecord::state).toList();
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return records.size();
        } finally {
            lock.unlock();
        }
    }

    private void resetWhere(Predicate<LoginAccount> concerned) {
        lock.lock();
        try {
            Instant now = clock.instant();
            records.forEach((account, record) -> {
                if (concerned.test(account)) {
                    record.makeProbeDue(now);
                    record.turn().signalAll();
                }
            });
        } finally {
            lock.unlock();
        }
    }

    /** Nothing where only the turn is missing. */
    private Optional<Admission> decide(LoginRecord record) {
        Optional<Admission.Wait> early = early(record);
        if (early.isPresent()) {
            return Optional.of(early.get());
        }
        return record.take(clock.instant()) ? Optional.of(new Admission.Go(new Permit(record))) : Optional.empty();
    }

    private Optional<Admission.Wait> early(LoginRecord record) {
        Instant due = record.notBefore();
        return clock.instant().isBefore(due)
                ? Optional.of(new Admission.Wait(due, "login of " + record.account() + " " + record.trouble()))
                : Optional.empty();
    }

    private Admission.Wait busy(LoginRecord record) {
        Instant now = clock.instant();
        Duration pause = record.isOpen() ? Duration.ofSeconds(5) : Duration.ofSeconds(1);
        String where = record.triedElsewhere(now).isPresent() ? " by another relay" : "";
        return new Admission.Wait(now.plus(pause), "another login of " + record.account() + " is being tried" + where);
    }

    private void awaitTurn(LoginRecord record, long nanos) throws InterruptedException {
        long most =
                record.triedElsewhere(clock.instant()).map(Duration::toNanos).orElse(nanos);
        record.arrive();
        try {
            waits.await(lock, record.turn(), Math.min(nanos, most));
        } finally {
            record.depart();
        }
    }

    private LoginRecord recordOf(LoginAccount account) {
        LoginRecord known = records.get(account);
        if (known != null) {
            return known;
        }
        makeRoom();
        LoginRecord fresh = new LoginRecord(account, lock.newCondition());
        records.put(account, fresh);
        shared.remembered(fresh);
        return fresh;
    }

    /** What is in good order goes first; an open breaker is forgotten only where nothing else is left. */
    private void makeRoom() {
        if (records.size() >= limit && !removeFirst(true)) {
            removeFirst(false);
        }
    }

    private boolean removeFirst(boolean healthyOnly) {
        Instant now = clock.instant();
        Iterator<LoginRecord> eldest = records.values().iterator();
        while (eldest.hasNext()) {
            LoginRecord record = eldest.next();
            if (!record.isInUse() && (!healthyOnly || record.isHealthy(now))) {
                eldest.remove();
                shared.forgotten(record);
                return true;
            }
        }
        return false;
    }

    private void turnedElsewhere(LoginRecord record, int before) {
        tell(record, before, Optional.of("another relay"));
    }

    private void tell(LoginRecord record, int before, Optional<String> by) {
        if (record.refusals() == before) {
            return;
        }
        LoginAccount account = record.account();
        AuditEvent event = AuditEvent.of(
                        AuditEvent.Action.BREAKER, record.isOpen() ? "open" : "closed", account.identity())
                .with("peer", account.endpoint().toString())
                .with("by", by);
        audit.record(
                record.isOpen() ? event.with("next probe", record.notBefore().toString()) : event);
    }

    private final class Permit implements LoginPermit {

        private final LoginRecord record;
        private final boolean isOnlyOne;
        private final int epoch;
        private boolean settled;

        Permit(LoginRecord record) {
            this.record = record;
            this.isOnlyOne = record.isUnproven();
            this.epoch = record.epoch();
        }

        @Override
        public void said(String reply, Validity validity) {
            lock.lock();
            try {
                record.said(reply, validity, clock.instant());
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void succeeded() {
            settle(record::succeeded);
        }

        @Override
        public void refused() {
            settle(() -> record.refused(epoch, clock.instant()));
        }

        @Override
        public void failedTransiently() {
            settle(() -> record.failedTransiently(epoch, clock.instant()));
        }

        @Override
        public void abandoned() {
            settle(() -> {});
        }

        @Override
        public void close() {
            abandoned();
        }

        @Override
        public String toString() {
            return "LoginPermit[" + record.account() + "]";
        }

        private void settle(Runnable result) {
            if (settleHere(result)) {
                shared.tell(record);
            }
        }

        private boolean settleHere(Runnable result) {
            lock.lock();
            try {
                if (settled) {
                    return false;
                }
                settled = true;
                record.giveBack();
                if (isOnlyOne) {
                    record.endTry();
                }
                int before = record.refusals();
                result.run();
                record.wake();
                tell(record, before, Optional.empty());
                return record.isUntold();
            } finally {
                lock.unlock();
            }
        }
    }
}
