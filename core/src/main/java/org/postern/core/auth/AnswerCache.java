// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.postern.spi.credential.Credential;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.CredentialVersion;
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
    private final LinkedHashMap<Question, KeptAnswer> kept = new LinkedHashMap<>(16, 0.75f, true);
    /** When each store may be asked next in the background. */
    private final Map<String, Instant> nextRefresh = new HashMap<>();

    /**
     * What is asked of whom.
     *
     * @param store the name of the store, in lower case
     * @param ref with what the store wants to know and no more
     */
    record Question(String store, CredentialRef ref) {}

    /**
     * What the cache has to say.
     *
     * @param answer to be used; nothing where the store has to be asked first. The receiver's own
     * @param refresh whether to ask the store in the background
     */
    record Reading(Optional<StoreAnswer> answer, boolean refresh) {

        static final Reading NOTHING = new Reading(Optional.empty(), false);
    }

    AnswerCache(Clock clock, RandomGenerator random, int limit) {
        this.clock = clock;
        this.random = random;
        this.limit = limit;
    }

    Reading read(Question question, StoreQuery query) {
        Instant now = clock.instant();
        lock.lock();
        try {
            KeptAnswer answer = kept.get(question);
            if (answer == null) {
                return Reading.NOTHING;
            }
            return switch (answer.standing(query, now)) {
                case FRESH -> new Reading(answer.answer(question.store(), question.ref()), false);
                case DUE ->
                    new Reading(
                            answer.answer(question.store(), question.ref()),
                            answer.pause(now).isEmpty() && takesTurn(question.store(), query.cacheTime(), now));
                case OVER -> new Reading(answer.pause(now).map(StoreAnswer.Unavailable::new), false);
            };
        } finally {
            lock.unlock();
        }
    }

    /** So many per second as are needed to ask for all that is kept in its time, and twenty at least. */
    private boolean takesTurn(String store, Duration cacheTime, Instant now) {
        if (now.isBefore(nextRefresh.getOrDefault(store, Instant.MIN))) {
            return false;
        }
        double needed = kept.size() * 1000.0 / Math.max(1_000, cacheTime.toMillis());
        nextRefresh.put(store, now.plusNanos((long) (1_000_000_000 / Math.max(REFRESHES_PER_SECOND, needed))));
        return true;
    }

    /** What stands in for a store that cannot answer. The receiver's own. */
    Optional<StoreAnswer> standIn(Question question, StoreQuery query) {
        Instant now = clock.instant();
        return with(
                question,
                answer -> answer.isUsable(query, now)
                        ? answer.answer(question.store(), question.ref())
                        : Optional.<StoreAnswer>empty());
    }

    /** The version before the one that is kept, if it was replaced not long ago. The receiver's own. */
    Optional<Credential> previous(Question question) {
        return with(question, answer -> answer.previous(clock.instant()));
    }

    private <T> Optional<T> with(Question question, Function<KeptAnswer, Optional<T>> use) {
        lock.lock();
        try {
            return Optional.ofNullable(kept.get(question)).flatMap(use);
        } finally {
            lock.unlock();
        }
    }

    /** Whether a store that is away has left something. */
    boolean has(Question question) {
        return with(question, KeptAnswer::version).isPresent();
    }

    /**
     * Keeps a copy of what a store answered; the answer stays the caller's.
     *
     * @return the version that this one replaced, if it did
     */
    Optional<CredentialVersion> keep(Question question, StoreAnswer answer) {
        Instant now = clock.instant();
        double when = 0.5 + random.nextDouble() / 2;
        lock.lock();
        try {
            KeptAnswer entry = kept.computeIfAbsent(question, ignored -> new KeptAnswer());
            Optional<CredentialVersion> before = entry.version();
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
            return before.filter(version -> !entry.version().equals(Optional.of(version)));
        } finally {
            lock.unlock();
        }
    }

    private void makeRoom() {
        Iterator<KeptAnswer> leastUsed = kept.values().iterator();
        while (kept.size() > limit && leastUsed.hasNext()) {
            leastUsed.next().wipe();
            leastUsed.remove();
        }
    }

    /** The store has to be asked before these are used again; until it can answer they stand in for it. */
    void doubt(Predicate<Question> which) {
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

    private void each(Predicate<Question> which, Consumer<KeptAnswer> change) {
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
