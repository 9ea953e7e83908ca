// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.postern.core.auth.KeptAnswer.Standing;
import org.postern.spi.credential.Credential;
import org.postern.spi.credential.SecretWrapping;

/**
 * What stores have answered, for a while: secrets encrypted, the number bounded, what is used least wiped first.
 *
 * <p>Threading: safe for many threads; the lock is held for moments only.
 */
final class AnswerCache {

    private static final int REFRESHES_PER_SECOND = 20;

    private final Clock clock;
    private final RandomGenerator random;
    private final int limit;
    private final SecretWrapping wrapping = new SecretWrapping();
    private final ReentrantLock lock = new ReentrantLock();
    private final LinkedHashMap<StoreQuestion, KeptAnswer> kept = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<String, Refreshing> refreshing = new HashMap<>();

    /** What is due of one store, the longest first, and when the store may be asked next in the background. */
    private static final class Refreshing {

        private final LinkedHashSet<StoreQuestion> due = new LinkedHashSet<>();
        private Instant next = Instant.MIN;
    }

    /**
     * What the cache has to say.
     *
     * @param answer to be used; nothing where the store has to be asked first. The receiver's own
     * @param refresh what to ask this store in the background now; it may be another question, which waits longer
     */
    record Reading(Optional<StoreAnswer> answer, Optional<StoreQuestion> refresh) {

        static final Reading NOTHING = new Reading(Optional.empty(), Optional.empty());
    }

    AnswerCache(Clock clock, RandomGenerator random, int limit) {
        this.clock = clock;
        this.random = random;
        this.limit = limit;
    }

    Reading read(StoreQuestion question, StoreQuery query) {
        Instant now = clock.instant();
        lock.lock();
        try {
            KeptAnswer answer = kept.get(question);
            if (answer == null) {
                return Reading.NOTHING;
            }
            return switch (answer.standing(query, now)) {
                case FRESH -> new Reading(answer.answer(question.store(), question.ref()), Optional.empty());
                case DUE ->
                    new Reading(answer.answer(question.store(), question.ref()), longestDue(question, query, now));
                case OVER -> new Reading(answer.pause(query, now).map(StoreAnswer.Unavailable::new), Optional.empty());
            };
        } finally {
            lock.unlock();
        }
    }

    private Optional<StoreQuestion> longestDue(StoreQuestion question, StoreQuery query, Instant now) {
        Refreshing store = refreshing.computeIfAbsent(question.store(), name -> new Refreshing());
        store.due.add(question);
        if (now.isBefore(store.next)) {
            return Optional.empty();
        }
        Iterator<StoreQuestion> waiting = store.due.iterator();
        while (waiting.hasNext()) {
            StoreQuestion first = waiting.next();
            waiting.remove();
            KeptAnswer answer = kept.get(first);
            if (answer != null && answer.pause(now).isEmpty() && answer.standing(query, now) != Standing.FRESH) {
                store.next = now.plusNanos(between(query.cacheTime()));
                return Optional.of(first);
            }
        }
        return Optional.empty();
    }

    /** So many per second as are needed to ask for all that is kept in its time, and twenty at least. */
    private long between(Duration cacheTime) {
        double needed = kept.size() * 1000.0 / Math.max(1_000, cacheTime.toMillis());
        return (long) (1_000_000_000 / Math.max(REFRESHES_PER_SECOND, needed));
    }

    /** Whether there is nothing to be used, not even a reason why. */
    boolean lacks(StoreQuestion question, StoreQuery query) {
        Instant now = clock.instant();
        return with(
                        question,
                        answer -> answer.standing(query, now) != Standing.OVER
                                        || answer.pause(query, now).isPresent()
                                ? Optional.of(answer)
                                : Optional.empty())
                .isEmpty();
    }

    /** What stands in for a store that cannot answer. The receiver's own. */
    Optional<StoreAnswer> standIn(StoreQuestion question, StoreQuery query) {
        Instant now = clock.instant();
        return with(
                question,
                answer -> answer.isUsable(query, now)
                        ? answer.answer(question.store(), question.ref())
                        : Optional.<StoreAnswer>empty());
    }

    /** The version before the one that is kept, if it was replaced not long ago. The receiver's own. */
    Optional<Credential> previous(StoreQuestion question) {
        return with(question, answer -> answer.previous(clock.instant()));
    }

    /** A peer has taken the version before the one that is kept. */
    void previousServes(StoreQuestion question) {
        each(question::equals, KeptAnswer::previousServes);
    }

    /** Whether a peer has taken the version before, since the one that is kept took its place. */
    boolean doesPreviousServe(StoreQuestion question) {
        return with(question, answer -> answer.doesPreviousServe() ? Optional.of(answer) : Optional.empty())
                .isPresent();
    }

    private <T> Optional<T> with(StoreQuestion question, Function<KeptAnswer, Optional<T>> use) {
        lock.lock();
        try {
            return Optional.ofNullable(kept.get(question)).flatMap(use);
        } finally {
            lock.unlock();
        }
    }

    /** Whether a store that is away has left something. */
    boolean has(StoreQuestion question) {
        return with(question, KeptAnswer::version).isPresent();
    }

    /**
     * Keeps a copy of what a store answered; the answer stays the caller's.
     *
     * @return the version that this one replaced, if it did; the receiver's own
     */
    Optional<Credential> keep(StoreQuestion question, StoreAnswer answer) {
        Instant now = clock.instant();
        double when = 0.5 + random.nextDouble() / 2;
        lock.lock();
        try {
            KeptAnswer entry = kept.computeIfAbsent(question, ignored -> new KeptAnswer());
            Optional<Credential> replaced = isReplaced(entry, answer) ? entry.current() : Optional.empty();
            switch (answer) {
                case StoreAnswer.Found found ->
                    entry.found(
                            SealedCredential.of(found.credential(), wrapping),
                            found.next().map(next -> SealedCredential.of(next, wrapping)),
                            when,
                            now);
                case StoreAnswer.Unavailable down -> entry.failed(down.reason(), now);
                case StoreAnswer.Missing none -> entry.foundNone(none, when, now);
                case StoreAnswer.Unusable bad -> entry.foundNone(bad, when, now);
            }
            makeRoom();
            return replaced;
        } finally {
            lock.unlock();
        }
    }

    private static boolean isReplaced(KeptAnswer entry, StoreAnswer answer) {
        return switch (answer) {
            case StoreAnswer.Found found ->
                !entry.version().equals(Optional.of(found.credential().version()));
            case StoreAnswer.Unavailable down -> false;
            case StoreAnswer.Missing none -> true;
            case StoreAnswer.Unusable bad -> true;
        };
    }

    private void makeRoom() {
        Iterator<KeptAnswer> leastUsed = kept.values().iterator();
        while (kept.size() > limit && leastUsed.hasNext()) {
            leastUsed.next().wipe();
            leastUsed.remove();
        }
    }

    /** The store has to be asked before these are used again; until it can answer they stand in for it. */
    void doubt(Predicate<StoreQuestion> which) {
        each(which, KeptAnswer::doubt);
    }

    /** Another instance of the store is there, and is to be asked in the background. */
    void inherit(String store) {
        each(question -> question.store().equals(store), KeptAnswer::inherit);
    }

    void clear() {
        lock.lock();
        try {
            kept.values().forEach(KeptAnswer::wipe);
            kept.clear();
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return kept.size();
        } finally {
            lock.unlock();
        }
    }

    private void each(Predicate<StoreQuestion> which, Consumer<KeptAnswer> change) {
        lock.lock();
        try {
            kept.forEach((question, answer) -> {
                if (which.test(question)) {
                    change.accept(answer);
                }
            });
        } finally {
            lock.unlock();
        }
    }
}
