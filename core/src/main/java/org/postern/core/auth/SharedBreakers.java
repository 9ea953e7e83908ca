// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.postern.core.cluster.Cluster;
import org.postern.spi.cluster.Put;
import org.postern.spi.cluster.Register;

/**
 * What the breakers of several relays tell one another, so that over all of them a credential is tried as seldom as by one:
 * a register for each account. Where an account has not been proven, whoever wants to log in sets its register first;
 * whoever finds it set lets the other try. Proven accounts cost nothing.
 *
 * <p>Threading: {@link #claim} and {@link #tell} wait for the storage, and are called without the breaker's lock; the
 * cluster calls {@link #heard} and {@link #caughtUp}; all else needs the lock.
 */
final class SharedBreakers implements Cluster.Follower {

    private static final String TOPIC = "breaker";

    /**
     * Longer than nearly all logins take: who has not said by then how it went has died, and mail must go on within a minute.
     * Where one does take longer, two are made.
     */
    private static final Duration LEASE = Duration.ofSeconds(30);

    /** Probes are due every hour at most. */
    private static final Duration LIFE = Duration.ofDays(1);

    private static final int TRIES = 2;

    private final Cluster cluster;
    private final Clock clock;
    private final ReentrantLock lock;
    private final Turned turned;
    private final Map<String, LoginRecord> records = new HashMap<>();
    /** Of accounts that nobody here has asked for; what was heard last is last. */
    private final LinkedHashMap<String, Heard> unasked;

    private boolean goesOn;
    private volatile Runnable listener = () -> {};

    private record Heard(LoginFact fact, long revision) {}

    /** Told when others have changed whether a breaker is open. */
    @FunctionalInterface
    interface Turned {

        /** @param before how many refusals there were */
        void turned(LoginRecord record, int before);
    }

    /**
     * For one breaker.
     *
     * @param lock guards the records
     * @param limit accounts that are remembered
     */
    SharedBreakers(Cluster cluster, Clock clock, ReentrantLock lock, int limit, Turned turned) {
        this.cluster = cluster;
        this.clock = clock;
        this.lock = lock;
        this.turned = turned;
        this.unasked = new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Heard> eldest) {
                return size() > limit;
            }
        };
        cluster.follow(TOPIC, this);
    }

    /** Called when mail that waits for a login may go because of what others did. */
    void onGoesOn(Runnable call) {
        listener = call;
    }

    /** Whether others have told of an account that has no record here. */
    boolean hasHeardOf(LoginAccount account) {
        return !unasked.isEmpty() && unasked.containsKey(account.name());
    }

    /** There is a record from now on, which begins with what others know. */
    void remembered(LoginRecord record) {
        if (cluster.isShared()) {
            String name = record.account().name();
            records.put(name, record);
            Optional.ofNullable(unasked.remove(name))
                    .ifPresent(heard -> takeUp(record, Optional.of(heard.fact()), heard.revision()));
        }
    }

    /** There is none any more. */
    void forgotten(LoginRecord record) {
        if (cluster.isShared()) {
            records.remove(record.account().name());
        }
    }

    /**
     * Whether this relay makes the login for which it has the turn. If another is about to make one, the turn has been given
     * back, and the record knows of it.
     */
    boolean claim(LoginRecord record) {
        if (!cluster.isShared()) {
            return true;
        }
        Instant now = clock.instant();
        Instant end = now.plus(LEASE);
        Optional<Telling> claim = locked(() -> {
            // Something may have been heard since the turn was taken.
            if (!record.mayBeTried(now)) {
                record.giveBack();
                record.wake();
                return Optional.empty();
            }
            return Optional.of(new Telling(record.fact().triedUntil(end), record.revision(), record.news()));
        });
        return claim.isPresent() && claim(record, claim.get(), end);
    }

    private boolean claim(LoginRecord record, Telling claim, Instant end) {
        return switch (put(record, claim).orElse(null)) {
            // A relay that hears nothing of others goes on as if it was alone.
            case null -> true;
            case Put.Held held ->
                locked(() -> {
                    record.told(held.revision(), claim.news());
                    record.triedUntil(end);
                    return true;
                });
            case Put.Beaten beaten ->
                locked(() -> {
                    record.giveBack();
                    beaten(record, beaten);
                    record.wake();
                    return false;
                });
        };
    }

    /** Tells the others what they do not know yet. What cannot be told now is told when they are heard again. */
    void tell(LoginRecord record) {
        int tries = 0;
        while (tries < TRIES && tellOnce(record)) {
            tries++;
        }
    }

    private boolean tellOnce(LoginRecord record) {
        Optional<Telling> telling = locked(() -> cluster.isShared() && record.isUntold()
                ? Optional.of(new Telling(record.fact(), record.revision(), record.news()))
                : Optional.empty());
        if (telling.isEmpty()) {
            return false;
        }
        return switch (put(record, telling.get()).orElse(null)) {
            case null -> false;
            case Put.Held held ->
                locked(() -> {
                    record.told(held.revision(), telling.get().news());
                    return record.isUntold();
                });
            case Put.Beaten beaten ->
                locked(() -> {
                    beaten(record, beaten);
                    return record.isUntold();
                });
        };
    }

    /**
     * What is put.
     *
     * @param revision on which it is based
     * @param news up to which it tells what happened here
     */
    private record Telling(LoginFact fact, long revision, long news) {}

    private Optional<Put> put(LoginRecord record, Telling telling) {
        byte[] value = telling.fact().octets(clock.instant());
        return cluster.put(TOPIC, record.account().name(), value, telling.revision(), LIFE);
    }

    private void beaten(LoginRecord record, Put.Beaten beaten) {
        if (beaten.by().isPresent()) {
            takeUp(record, beaten.by().get());
        } else {
            record.ended();
        }
    }

    private void takeUp(LoginRecord record, Register register) {
        takeUp(record, LoginFact.of(register, clock.instant()), register.revision());
    }

    private void takeUp(LoginRecord record, Optional<LoginFact> fact, long revision) {
        Instant now = clock.instant();
        int before = record.refusals();
        boolean waited = now.isBefore(record.notBefore());
        fact.ifPresentOrElse(it -> record.takeUp(it, revision), () -> record.unreadable(revision));
        goesOn |= waited && !now.isBefore(record.notBefore());
        if (record.refusals() != before) {
            turned.turned(record, before);
        }
    }

    @Override
    public void heard(Register register) {
        locked(() -> {
            LoginRecord record = records.get(register.name());
            if (record == null) {
                keep(register);
            } else if (register.revision() > record.revision()) {
                takeUp(record, register);
                record.wake();
            }
            return true;
        });
    }

    private void keep(Register register) {
        unasked.remove(register.name());
        LoginFact.of(register, clock.instant())
                .ifPresent(fact -> unasked.put(register.name(), new Heard(fact, register.revision())));
    }

    @Override
    public void caughtUp() {
        List<LoginRecord> untold = locked(
                () -> records.values().stream().filter(LoginRecord::isUntold).toList());
        untold.forEach(this::tell);
        boolean someGoOn = locked(() -> {
            boolean was = goesOn;
            goesOn = false;
            return was;
        });
        if (someGoOn) {
            listener.run();
        }
    }

    private <T> T locked(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }
}
