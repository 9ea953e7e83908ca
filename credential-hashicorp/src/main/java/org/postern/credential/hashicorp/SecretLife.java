// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.hashicorp;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.postern.credential.hashicorp.protocol.Backoff;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.text.Printable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One secret that has been asked for. All who ask at once share one reading. A secret that could not be read is left alone
 * for longer and longer; one that somebody still wants is read again behind the askers' backs, and they are told. One that
 * is there is looked at now and then, to notice that it has changed.
 *
 * <p>What does not end by itself is not kept here: how long it may be used without asking is the engine's decision. A
 * leased secret is, because each reading would make another account at its issuer. Its lease is renewed at two thirds of
 * its life; where that does not help, another is read while the old one is still good.
 *
 * <p>Threading: safe for many threads. The lock is never held while the server is asked.
 */
final class SecretLife {

    private static final Logger LOG = LoggerFactory.getLogger(SecretLife.class);
    private static final int MOST_REFERENCES = 1_000;
    private static final Backoff AFTER_REFUSALS = new Backoff(Duration.ofMinutes(1), Duration.ofHours(1));

    private final String path;
    private final Surroundings around;

    private final ReentrantLock lock = new ReentrantLock();
    private final Set<CredentialRef> references = new LinkedHashSet<>();
    private Optional<CompletableFuture<SecretAnswer>> running = Optional.empty();
    private Optional<Pause> pause = Optional.empty();
    private Optional<HeldLease> leased = Optional.empty();
    private Optional<String> state = Optional.empty();
    private Instant asked = Instant.MIN;
    private Instant nextPoll;
    private boolean looking;
    private boolean unanswered;
    private int failures;
    private int replacements;
    private Instant nextReplacement = Instant.MIN;
    private boolean closed;

    SecretLife(String path, Surroundings around) {
        this.path = path;
        this.around = around;
        this.nextPoll = pollFrom(around.clock().instant());
    }

    private record Pause(String reason, Instant until) {

        SecretAnswer answer() {
            return new SecretAnswer.Failed(reason + "; read again at " + until);
        }
    }

    /** A state, and when it ends if it is leased. */
    record Reading(SecretAnswer answer, Optional<Instant> end) {}

    /** The secret, for this reference. */
    Reading read(CredentialRef ref) throws InterruptedException {
        CompletableFuture<SecretAnswer> reading;
        lock.lock();
        try {
            Instant now = around.clock().instant();
            asked = now;
            if (references.size() < MOST_REFERENCES) {
                references.add(ref);
            }
            if (isLeased(now)) {
                return held();
            }
            if (isPausing(now)) {
                unanswered = true;
                return new Reading(pause.get().answer(), Optional.empty());
            }
            reading = begin();
        } finally {
            lock.unlock();
        }
        return shared(reading);
    }

    /**
     * The secret, after a peer has refused what it holds. A leased one is given up for another, but not at any price: an
     * issuer whose accounts are all refused would be made to make them without end.
     */
    Reading readAnew(CredentialRef ref) throws InterruptedException {
        lock.lock();
        try {
            Instant now = around.clock().instant();
            if (isLeased(now) && !now.isBefore(nextReplacement)) {
                nextReplacement = now.plus(AFTER_REFUSALS.after(replacements++, around.random()));
                leased = Optional.empty();
            }
        } finally {
            lock.unlock();
        }
        return read(ref);
    }

    /** To be called about once a second. Does what is due, on other threads. */
    void tick() {
        lock.lock();
        try {
            Instant now = around.clock().instant();
            if (closed || looking || running.isPresent()) {
                return;
            }
            if (isLeased(now)) {
                if (leased.get().isDue(now)) {
                    look(this::renew);
                }
            } else if (unanswered && !isPausing(now)) {
                look(this::readForThoseWhoWait);
            } else if (!now.isBefore(nextPoll)) {
                nextPoll = pollFrom(now);
                look(this::poll);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether nobody has asked since then. */
    boolean isIdleSince(Instant moment) {
        lock.lock();
        try {
            return asked.isBefore(moment) && running.isEmpty() && !looking;
        } finally {
            lock.unlock();
        }
    }

    /** Hands nothing out any more. */
    void close() {
        lock.lock();
        try {
            closed = true;
            leased = Optional.empty();
            running.ifPresent(reading -> reading.cancel(false));
        } finally {
            lock.unlock();
        }
    }

    private Instant pollFrom(Instant now) {
        long millis = around.pollInterval().toMillis();
        return now.plusMillis(millis - (long) (millis * around.random().nextDouble() / 4));
    }

    private boolean isLeased(Instant now) {
        return leased.filter(secret -> !secret.isOver(now)).isPresent();
    }

    private boolean isPausing(Instant now) {
        return pause.filter(rest -> now.isBefore(rest.until())).isPresent();
    }

    private Reading held() {
        return new Reading(leased.get().answer(), Optional.of(leased.get().end()));
    }

    private Reading shared(CompletableFuture<SecretAnswer> reading) throws InterruptedException {
        try {
            SecretAnswer answer = reading.get();
            lock.lock();
            try {
                boolean isTheLeased =
                        leased.filter(secret -> secret.answer() == answer).isPresent();
                return isTheLeased ? held() : new Reading(answer, Optional.empty());
            } finally {
                lock.unlock();
            }
        } catch (CancellationException leaving) {
            return new Reading(new SecretAnswer.Unavailable("is being replaced"), Optional.empty());
        } catch (ExecutionException broken) {
            throw new IllegalStateException(broken.getCause());
        }
    }

    /** The reading that is under way, or a new one. Under the lock. */
    private CompletableFuture<SecretAnswer> begin() {
        if (running.isPresent()) {
            return running.get();
        }
        CompletableFuture<SecretAnswer> reading = new CompletableFuture<>();
        if (closed) {
            reading.cancel(false);
            return reading;
        }
        running = Optional.of(reading);
        around.threads().execute(() -> run(reading));
        return reading;
    }

    /** Begun only when its turn has come, so that nobody who asks meanwhile has to wait for that. */
    private void readForThoseWhoWait() {
        CompletableFuture<SecretAnswer> reading = new CompletableFuture<>();
        lock.lock();
        try {
            if (closed || !unanswered || running.isPresent()) {
                return;
            }
            running = Optional.of(reading);
        } finally {
            lock.unlock();
        }
        run(reading);
    }

    private void run(CompletableFuture<SecretAnswer> reading) {
        Instant asked = around.clock().instant();
        SecretAnswer answer = new SecretAnswer.Unavailable("is being replaced");
        boolean news = false;
        try {
            answer = around.source().read(path);
        } catch (InterruptedException leaving) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException odd) {
            // A mistake of ours must not end the secret. The text may quote what was read, so it is not told.
            answer = new SecretAnswer.Failed(
                    "reading failed with " + odd.getClass().getSimpleName());
        } finally {
            lock.lock();
            try {
                running = Optional.empty();
                news = settle(answer, asked);
                reading.complete(
                        isPausing(around.clock().instant()) ? pause.get().answer() : answer);
            } finally {
                lock.unlock();
            }
        }
        if (news) {
            tell();
        }
    }

    /** Takes an answer in. Under the lock. Returns whether it is news for those who did not wait for it. */
    private boolean settle(SecretAnswer answer, Instant asked) {
        return switch (answer) {
            case SecretAnswer.Present present -> {
                boolean troubled = unanswered;
                recover();
                keepIfLeased(present, asked);
                yield isNew(present.fields().state(Fingerprint.OF_THIS_BUNDLE)) || troubled;
            }
            case SecretAnswer.Absent absent -> {
                recover();
                yield isNew(SecretFields.ABSENT);
            }
            case SecretAnswer.Denied denied -> rest(denied.reason(), Backoff.LONG);
            case SecretAnswer.Failed failed -> rest(failed.reason(), Backoff.SHORT);
            case SecretAnswer.Unavailable down -> false;
        };
    }

    private void recover() {
        if (failures > 0) {
            LOG.info("secret \"{}\" can be read again", Printable.of(path));
        }
        failures = 0;
        pause = Optional.empty();
        unanswered = false;
    }

    private boolean rest(String reason, Backoff backoff) {
        if (failures == 0) {
            LOG.warn("{}", reason);
        }
        pause = Optional.of(
                new Pause(reason, around.clock().instant().plus(backoff.after(failures++, around.random()))));
        unanswered = true;
        return false;
    }

    private boolean isNew(String now) {
        boolean differs = state.isPresent() && !state.get().equals(now);
        state = Optional.of(now);
        return differs;
    }

    private void keepIfLeased(SecretAnswer.Present present, Instant asked) {
        leased = present.lease()
                .filter(lease -> !closed)
                .map(lease -> HeldLease.of(present, lease, asked, around.random()));
    }

    private interface Work {
        void done() throws InterruptedException;
    }

    /** Under the lock. */
    private void look(Work work) {
        looking = true;
        around.background().execute(() -> {
            try {
                work.done();
            } catch (InterruptedException leaving) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException odd) {
                LOG.warn(
                        "secret \"{}\" could not be looked at: {}",
                        Printable.of(path),
                        odd.getClass().getSimpleName());
            } finally {
                lock.lock();
                try {
                    looking = false;
                } finally {
                    lock.unlock();
                }
            }
        });
    }

    private void poll() throws InterruptedException {
        Optional<String> seen = around.source().peek(path);
        if (seen.isEmpty()) {
            seen = stateOf(around.source().read(path));
        }
        boolean news;
        lock.lock();
        try {
            news = seen.isPresent() && isNew(seen.get());
        } finally {
            lock.unlock();
        }
        if (news) {
            tell();
        }
    }

    /** Nothing where it could not be read: whoever asks next will find out, and in its own time. */
    private static Optional<String> stateOf(SecretAnswer answer) {
        return switch (answer) {
            case SecretAnswer.Present present -> Optional.of(present.fields().state(Fingerprint.OF_THIS_BUNDLE));
            case SecretAnswer.Absent absent -> Optional.of(SecretFields.ABSENT);
            case SecretAnswer.Denied denied -> Optional.empty();
            case SecretAnswer.Failed failed -> Optional.empty();
            case SecretAnswer.Unavailable down -> Optional.empty();
        };
    }

    private void renew() throws InterruptedException {
        Optional<HeldLease> present;
        lock.lock();
        try {
            present = leased;
        } finally {
            lock.unlock();
        }
        if (present.isPresent()) {
            renew(present.get());
        }
    }

    private void renew(HeldLease present) throws InterruptedException {
        Instant asked = around.clock().instant();
        Optional<SecretAnswer.Lease> renewed =
                present.lease().renewable() ? around.source().renew(present.lease()) : Optional.empty();
        if (renewed.filter(present::isProlongedBy).isPresent()) {
            exchange(present, HeldLease.of(present.answer(), renewed.get(), asked, around.random()));
        } else {
            replace(present);
        }
    }

    private void exchange(HeldLease present, HeldLease other) {
        lock.lock();
        try {
            if (!closed && leased.filter(present::equals).isPresent()) {
                leased = Optional.of(other);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Reads another while the old one is still good, and is used until there is another. */
    private void replace(HeldLease old) throws InterruptedException {
        Instant asked = around.clock().instant();
        SecretAnswer answer = around.source().read(path);
        if (!(answer instanceof SecretAnswer.Present)) {
            exchange(old, old.postponed(around.clock().instant()));
            return;
        }
        boolean news;
        lock.lock();
        try {
            news = !closed && leased.filter(old::equals).isPresent() && settle(answer, asked);
        } finally {
            lock.unlock();
        }
        if (news) {
            tell();
        }
    }

    private void tell() {
        List<CredentialRef> interested;
        lock.lock();
        try {
            interested = List.copyOf(references);
        } finally {
            lock.unlock();
        }
        around.news().changed(interested);
    }

    /** The path only. */
    @Override
    public String toString() {
        return "SecretLife[" + Printable.of(path) + "]";
    }
}
