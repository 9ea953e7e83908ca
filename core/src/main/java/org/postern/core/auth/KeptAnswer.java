// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.postern.spi.credential.Credential;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.CredentialVersion;

/** What is kept of one store's answers to one question. Guarded by the cache's lock. */
final class KeptAnswer {

    /** After a store has not been able to answer, it is left alone for as long. */
    static final Duration PAUSE = Duration.ofSeconds(1);

    /** A refusal to answer with a credential is believed for as long at most, and asked anew in the background before. */
    static final Duration BRIEFLY = Duration.ofSeconds(5);

    /** How long a version that was replaced may still be tried where a peer does not know the new one yet. */
    static final Duration PREVIOUS_KEPT = Duration.ofHours(1);

    /** What an answer is still good for. */
    enum Standing {
        /** To be used as it is. */
        FRESH,
        /** To be used, while the store is asked again in the background. */
        DUE,
        /** The store has to be asked first. */
        OVER
    }

    private Optional<SealedCredential> current = Optional.empty();
    private Optional<SealedCredential> next = Optional.empty();
    private Optional<SealedCredential> previous = Optional.empty();
    private Instant previousUntil = Instant.MIN;
    private boolean previousServes;
    /** What was said instead of a credential. */
    private Optional<StoreAnswer> otherwise = Optional.empty();

    private Instant asked = Instant.MIN;
    private Optional<String> failure = Optional.empty();
    private Instant failed = Instant.MIN;
    /** From one half to one: where in its time an answer becomes due, so that not all do in the same second. */
    private double jitter = 1;
    /** The store said that it may have changed, or has said nothing yet. */
    private boolean doubted = true;
    /** Another instance of the store is there than the one that answered. */
    private boolean inherited;

    Standing standing(StoreQuery query, Instant now) {
        if (failure.isPresent() && isUsable(query, now)) {
            return Standing.DUE;
        }
        // One that was over already when the store gave it is no better if it is asked for again at once.
        boolean hasEnded = isOver(now) && !isOver(asked);
        if (doubted || hasEnded) {
            return Standing.OVER;
        }
        if (query.isAnsweredAt(asked, now)) {
            return Standing.FRESH;
        }
        if (query.cacheTime().isZero()) {
            return Standing.OVER;
        }
        Duration time = current.isEmpty() || isOver(now) ? shorter(BRIEFLY, query.cacheTime()) : query.cacheTime();
        Duration age = Duration.between(asked, now);
        if (!inherited && age.compareTo(Duration.ofNanos((long) (time.toNanos() * jitter))) < 0) {
            return Standing.FRESH;
        }
        return age.compareTo(time.multipliedBy(2)) < 0 ? Standing.DUE : Standing.OVER;
    }

    /** Whether it may stand in for a store that cannot answer. */
    boolean isUsable(StoreQuery query, Instant now) {
        return current.isPresent()
                && !isOver(now)
                && Duration.between(asked, now).compareTo(query.staleWhileError()) < 0;
    }

    /** Why the store could not answer a moment ago, so that it is not asked again yet. */
    Optional<String> pause(Instant now) {
        return failure.filter(why -> now.isBefore(failed.plus(PAUSE)));
    }

    /** The same; and also why it could not answer since this was asked. */
    Optional<String> pause(StoreQuery query, Instant now) {
        return query.isAnsweredAt(failed, now) ? failure : pause(now);
    }

    private boolean isOver(Instant now) {
        return current.filter(it -> it.validity().isOver(now)).isPresent();
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** The credentials, as the receiver's own; or what was said instead. */
    Optional<StoreAnswer> answer(String store, CredentialRef ref) {
        return current.isEmpty()
                ? otherwise
                : current.flatMap(SealedCredential::open)
                        .map(credential ->
                                new StoreAnswer.Found(credential, next.flatMap(SealedCredential::open), store, ref));
    }

    /** The receiver's own. */
    Optional<Credential> current() {
        return current.flatMap(SealedCredential::open);
    }

    Optional<Credential> previous(Instant now) {
        return previous.filter(
                        it -> now.isBefore(previousUntil) && !it.validity().isOver(now))
                .flatMap(SealedCredential::open);
    }

    void previousServes() {
        previousServes = true;
    }

    boolean doesPreviousServe() {
        return previousServes;
    }

    Optional<CredentialVersion> version() {
        return current.map(SealedCredential::version);
    }

    /** A credential was found. */
    void found(SealedCredential credential, Optional<SealedCredential> coming, double when, Instant now) {
        boolean replaced =
                current.filter(it -> !it.version().equals(credential.version())).isPresent();
        if (replaced) {
            previous.ifPresent(SealedCredential::wipe);
            previous = current;
            previousUntil = now.plus(PREVIOUS_KEPT);
            previousServes = false;
        } else {
            current.ifPresent(SealedCredential::wipe);
        }
        next.ifPresent(SealedCredential::wipe);
        current = Optional.of(credential);
        next = coming;
        otherwise = Optional.empty();
        heard(when, now);
    }

    /** The store works and has nothing that could be used. */
    void foundNone(StoreAnswer answer, double when, Instant now) {
        wipe();
        otherwise = Optional.of(answer);
        heard(when, now);
    }

    private void heard(double when, Instant now) {
        asked = now;
        jitter = when;
        failure = Optional.empty();
        doubted = false;
        inherited = false;
    }

    void failed(String why, Instant now) {
        failure = Optional.of(why);
        failed = now;
    }

    void doubt() {
        doubted = true;
        failure = Optional.empty();
    }

    void inherit() {
        inherited = true;
        doubted |= current.isEmpty();
        failure = Optional.empty();
    }

    void wipe() {
        Stream.of(current, next, previous).flatMap(Optional::stream).forEach(SealedCredential::wipe);
        current = Optional.empty();
        next = Optional.empty();
        previous = Optional.empty();
    }
}
