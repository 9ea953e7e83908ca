// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.postern.core.audit.Audit;
import org.postern.core.audit.AuditEvent;
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
 * <p>Threading: safe for many threads.
 */
public final class LoginBreaker {

    private static final int ACCOUNTS_REMEMBERED = 10_000;

    private final Clock clock;
    private final Audit audit;
    private final Waits waits;
    private final int limit;
    private final ReentrantLock lock = new ReentrantLock();
    /** In the order of use, so that what nobody asks for any more is found first. */
    private final LinkedHashMap<Account, LoginRecord> records = new LinkedHashMap<>(16, 0.75f, true);

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

    private record Account(AuthIdentity identity, Endpoint endpoint) {

        @Override
        public String toString() {
            return "'" + Words.oneLine(identity.user()) + "' at " + endpoint;
        }
    }

    /** Reads the time from this clock, and tells of every breaker that opens or closes. */
    public LoginBreaker(Clock clock, Audit audit) {
        this(clock, audit, Waits.REAL);
    }

    /** The same. */
    public LoginBreaker(Clock clock, Audit audit, Waits waits) {
        this(clock, audit, waits, ACCOUNTS_REMEMBERED);
    }

    LoginBreaker(Clock clock, Audit audit, int limit) {
        this(clock, audit, Waits.REAL, limit);
    }

    private LoginBreaker(Clock clock, Audit audit, Waits waits, int limit) {
        this.clock = clock;
        this.audit = audit;
        this.waits = waits;
        this.limit = limit;
    }

    /** Whether a login may begin now; answers at once. */
    public Admission admit(AuthIdentity identity, Endpoint endpoint) {
        Account account = new Account(identity, endpoint);
        lock.lock();
        try {
            LoginRecord record = recordOf(account);
            return decide(account, record).orElseGet(() -> busy(account, record));
        } finally {
            lock.unlock();
        }
    }

    /** The same, but waits a while for its turn where others are just logging in. Not for an open breaker. */
    public Admission admit(AuthIdentity identity, Endpoint endpoint, Duration patience) throws InterruptedException {
        Account account = new Account(identity, endpoint);
        long end = waits.nanoTime() + patience.toNanos();
        lock.lockInterruptibly();
        try {
            while (true) {
                LoginRecord record = recordOf(account);
                Optional<Admission> decided = decide(account, record);
                long left = end - waits.nanoTime();
                if (decided.isPresent() || left <= 0 || record.isOpen()) {
                    return decided.orElseGet(() -> busy(account, record));
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
        Account account = new Account(identity, endpoint);
        lock.lock();
        try {
            LoginRecord record = records.get(account);
            if (record == null) {
                return Optional.empty();
            }
            return early(account, record)
                    .or(() -> record.isOpen() && record.isInUse()
                            ? Optional.of(busy(account, record))
                            : Optional.empty());
        } finally {
            lock.unlock();
        }
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
            return records.entrySet().stream()
                    .map(one -> one.getValue()
                            .state(one.getKey().identity(), one.getKey().endpoint()))
                    .toList();
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

    private void resetWhere(Predicate<Account> concerned) {
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
    private Optional<Admission> decide(Account account, LoginRecord record) {
        Optional<Admission.Wait> early = early(account, record);
        if (early.isPresent()) {
            return Optional.of(early.get());
        }
        return record.take() ? Optional.of(new Admission.Go(new Permit(account, record))) : Optional.empty();
    }

    private Optional<Admission.Wait> early(Account account, LoginRecord record) {
        Instant due = record.notBefore();
        return clock.instant().isBefore(due)
                ? Optional.of(new Admission.Wait(due, "login of " + account + " " + record.trouble()))
                : Optional.empty();
    }

    private Admission.Wait busy(Account account, LoginRecord record) {
        Duration pause = record.isOpen() ? Duration.ofSeconds(5) : Duration.ofSeconds(1);
        return new Admission.Wait(clock.instant().plus(pause), "another login of " + account + " is being tried");
    }

    private void awaitTurn(LoginRecord record, long nanos) throws InterruptedException {
        record.arrive();
        try {
            waits.await(lock, record.turn(), nanos);
        } finally {
            record.depart();
        }
    }

    private LoginRecord recordOf(Account account) {
        LoginRecord known = records.get(account);
        if (known != null) {
            return known;
        }
        makeRoom();
        LoginRecord fresh = new LoginRecord(lock.newCondition());
        records.put(account, fresh);
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
        Iterator<Map.Entry<Account, LoginRecord>> eldest = records.entrySet().iterator();
        while (eldest.hasNext()) {
            LoginRecord record = eldest.next().getValue();
            if (!record.isInUse() && (!healthyOnly || record.isHealthy(now))) {
                eldest.remove();
                return true;
            }
        }
        return false;
    }

    private final class Permit implements LoginPermit {

        private final Account account;
        private final LoginRecord record;
        private final int epoch;
        private boolean settled;

        Permit(Account account, LoginRecord record) {
            this.account = account;
            this.record = record;
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
            return "LoginPermit[" + account + "]";
        }

        private void tell(int before) {
            if (record.refusals() == before) {
                return;
            }
            AuditEvent event = AuditEvent.of(
                            AuditEvent.Action.BREAKER, record.isOpen() ? "open" : "closed", account.identity())
                    .with("peer", account.endpoint().toString());
            audit.record(
                    record.isOpen()
                            ? event.with("next probe", record.notBefore().toString())
                            : event);
        }

        private void settle(Runnable result) {
            lock.lock();
            try {
                if (!settled) {
                    settled = true;
                    record.giveBack();
                    int before = record.refusals();
                    result.run();
                    record.wake();
                    tell(before);
                }
            } finally {
                lock.unlock();
            }
        }
    }
}
