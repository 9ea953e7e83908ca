// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.oauth;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.Lookup;
import org.postern.spi.text.Printable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The token of one account, from the first request to the last. Whoever asks while a token is good gets it at once; close
 * to its end a new one is fetched behind the askers' backs; without one, all who ask wait for the same request.
 *
 * <p>A provider that fails is left alone for longer and longer, and a token that is there is used until its real end. A
 * provider that refuses is not asked again until a secret of the account changes or the operator says so.
 *
 * <p>Threading: safe for many threads. The lock is never held while a store or a provider is asked.
 */
final class TokenLife {

    private static final Logger LOG = LoggerFactory.getLogger(TokenLife.class);

    /** Stores tell of changes. This is for those that cannot, and for files. */
    private static final Duration LOOK_AT_SECRETS = Duration.ofSeconds(30);

    private final Account account;
    private final CredentialRef ref;
    private final TokenFetch fetch;
    private final Surroundings around;

    private final ReentrantLock lock = new ReentrantLock();
    private Optional<HeldToken> held = Optional.empty();
    private Trouble trouble = new Trouble.None();
    private Optional<CompletableFuture<Void>> running = Optional.empty();
    private boolean changedMeanwhile;
    private boolean unanswered;
    private int renewals;
    private Instant nextRenewal = Instant.MIN;
    private boolean closed;

    TokenLife(Account account, TokenSource source, Surroundings around) {
        this.account = account;
        this.ref = new CredentialRef(account.name());
        this.fetch = new TokenFetch(account, source, around);
        this.around = around;
    }

    Account account() {
        return account;
    }

    /** The token, if there is one. */
    Lookup lookup() throws InterruptedException {
        CompletableFuture<Void> refresh;
        lock.lock();
        try {
            Instant now = around.clock().instant();
            if (held.isPresent() && held.get().isUsable(now)) {
                if (held.get().isDue(now) && !trouble.isPausing(now)) {
                    begin(Refresh.USUAL);
                }
                return found(held.get());
            }
            if (trouble.isPausing(now)) {
                unanswered = true;
                return withoutToken();
            }
            refresh = begin(Refresh.USUAL);
        } finally {
            lock.unlock();
        }
        await(refresh);
        return settled();
    }

    /** The token, after a peer has refused this version: another one, but not at any price. */
    Lookup lookupAnew(CredentialVersion refused) throws InterruptedException {
        CompletableFuture<Void> refresh;
        lock.lock();
        try {
            Instant now = around.clock().instant();
            boolean ours = held.filter(token -> token.version().equals(refused)).isPresent();
            if (!ours || now.isBefore(nextRenewal) || trouble.isPausing(now)) {
                refresh = CompletableFuture.completedFuture(null);
            } else {
                nextRenewal = now.plus(Pauses.afterRenewal(renewals++));
                refresh = begin(Refresh.AFTER_REFUSAL);
            }
        } finally {
            lock.unlock();
        }
        await(refresh);
        return lookup();
    }

    /** The operator wants the provider asked now, whatever it said before. Returns when it has answered. */
    Lookup retry() throws InterruptedException {
        CompletableFuture<Void> refresh;
        lock.lock();
        try {
            trouble = new Trouble.None();
            refresh = begin(Refresh.BY_OPERATOR);
        } finally {
            lock.unlock();
        }
        await(refresh);
        return settled();
    }

    /** To be called every now and then: asks again for those whose mail waits. */
    void tick() {
        lock.lock();
        try {
            if (unanswered && !trouble.isPausing(around.clock().instant())) {
                begin(Refresh.FOR_WAITING_MAIL);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Other stores say that something has changed: this credential, or any if there is none. Returns at once. */
    void secretChanged(Optional<CredentialRef> which) {
        if (which.isPresent() && !account.secrets().contains(which.get())) {
            return;
        }
        lock.lock();
        try {
            Instant now = around.clock().instant();
            changedMeanwhile = true;
            trouble = trouble.afterChange(now);
            // An account in trouble is one that somebody needs, though it may have a token that a peer has refused.
            boolean needed = unanswered || !(trouble instanceof Trouble.None);
            if (needed && !trouble.isPausing(now)) {
                begin(Refresh.FOR_WAITING_MAIL);
            }
        } finally {
            lock.unlock();
        }
    }

    TokenStatus status() {
        lock.lock();
        try {
            Instant now = around.clock().instant();
            Optional<HeldToken> usable = held.filter(token -> token.isUsable(now));
            return new TokenStatus(
                    account,
                    state(usable),
                    usable.map(HeldToken::version),
                    usable.flatMap(HeldToken::expiry),
                    usable.map(HeldToken::refreshAt));
        } finally {
            lock.unlock();
        }
    }

    /** Hands nothing out any more. */
    void close() {
        lock.lock();
        try {
            closed = true;
            held = Optional.empty();
            running.ifPresent(refresh -> refresh.cancel(false));
            fetch.abandon();
        } finally {
            lock.unlock();
        }
    }

    private TokenStatus.State state(Optional<HeldToken> usable) {
        return switch (trouble) {
            case Trouble.None none when usable.isPresent() -> new TokenStatus.State.Good();
            case Trouble.None none -> new TokenStatus.State.NotAsked();
            case Trouble.Pause pause -> new TokenStatus.State.Failing(pause.reason(), pause.until());
            case Trouble.Stuck stuck -> new TokenStatus.State.NeedsOperator(stuck.reason());
        };
    }

    private Lookup settled() {
        lock.lock();
        try {
            boolean usable =
                    held.isPresent() && held.get().isUsable(around.clock().instant());
            unanswered = !usable;
            return usable ? found(held.get()) : withoutToken();
        } finally {
            lock.unlock();
        }
    }

    private Lookup found(HeldToken token) {
        return new Lookup.Found(token.handedOut(account));
    }

    private Lookup withoutToken() {
        return switch (trouble) {
            case Trouble.None none ->
                new Lookup.StoreUnavailable(
                        "account " + shown() + (closed ? " is being replaced" : " has no token yet"));
            case Trouble.Pause pause ->
                new Lookup.StoreUnavailable(
                        "account " + shown() + ": " + pause.reason() + "; asked again at " + pause.until());
            case Trouble.Stuck stuck -> new Lookup.NoSuchCredential("account " + shown() + ": " + stuck.reason());
        };
    }

    private String shown() {
        return Printable.of(account.name());
    }

    /** Why a refresh is made. */
    private enum Refresh {
        USUAL,
        AFTER_REFUSAL,
        BY_OPERATOR,
        FOR_WAITING_MAIL
    }

    /** The refresh that is under way, or a new one. Under the lock. */
    private CompletableFuture<Void> begin(Refresh why) {
        if (running.isPresent()) {
            return running.get();
        }
        CompletableFuture<Void> refresh = new CompletableFuture<>();
        if (closed) {
            refresh.complete(null);
            return refresh;
        }
        running = Optional.of(refresh);
        changedMeanwhile = false;
        around.threads().execute(() -> run(why, refresh));
        return refresh;
    }

    private static void await(CompletableFuture<Void> refresh) throws InterruptedException {
        try {
            refresh.get();
        } catch (ExecutionException broken) {
            throw new IllegalStateException(broken.getCause());
        } catch (CancellationException leaving) {
            // The store goes; settled() says so.
        }
    }

    private void run(Refresh why, CompletableFuture<Void> refresh) {
        boolean news = false;
        try {
            TokenFetch.Outcome outcome = fetch.run(wish(why));
            news = settle(outcome, why);
        } catch (InterruptedException leaving) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException odd) {
            // A mistake of ours must not end the account. The text may quote what was read, so it is not told.
            String reason = "the request failed with " + odd.getClass().getSimpleName() + at(odd);
            settle(new TokenFetch.Outcome.Failed(reason, Optional.empty(), Trouble.Who.PROVIDER), why);
        } finally {
            lock.lock();
            try {
                running = Optional.empty();
            } finally {
                lock.unlock();
            }
            refresh.complete(null);
        }
        if (news) {
            around.news().changed(ref);
        }
    }

    private static String at(RuntimeException odd) {
        return Arrays.stream(odd.getStackTrace())
                .findFirst()
                .map(frame -> " at " + frame)
                .orElse("");
    }

    private Wish wish(Refresh why) {
        lock.lock();
        try {
            Instant now = around.clock().instant();
            return new Wish(
                    trouble instanceof Trouble.Stuck stuck ? Optional.of(stuck.versions()) : Optional.empty(),
                    held.filter(token -> token.isUsable(now)),
                    failures(),
                    why == Refresh.BY_OPERATOR);
        } finally {
            lock.unlock();
        }
    }

    /** In a row, up to now. */
    private int failures() {
        return trouble instanceof Trouble.Pause pause ? pause.failures() + 1 : 0;
    }

    /** Whether there is news for those who do not wait. */
    private boolean settle(TokenFetch.Outcome outcome, Refresh why) {
        lock.lock();
        try {
            return switch (outcome) {
                case TokenFetch.Outcome.Fetched fetched -> adopt(fetched.token(), why);
                case TokenFetch.Outcome.Refused refused -> stick(refused.reason(), refused.versions());
                case TokenFetch.Outcome.Unchanged unchanged -> keepStuck();
                case TokenFetch.Outcome.Failed failed -> pause(failed);
            };
        } finally {
            lock.unlock();
        }
    }

    private boolean adopt(HeldToken token, Refresh why) {
        boolean troubled = unanswered || !(trouble instanceof Trouble.None);
        if (closed) {
            return false;
        }
        if (troubled) {
            LOG.info("account {}: there is a token again", shown());
        }
        held = Optional.of(token);
        trouble = new Trouble.None();
        unanswered = false;
        if (why == Refresh.USUAL) {
            renewals = 0;
        }
        // Who asked after a refusal has the token in hand; to announce it would let every refusal cause a login.
        return why != Refresh.AFTER_REFUSAL && troubled;
    }

    private boolean stick(String reason, String versions) {
        if (!(trouble instanceof Trouble.Stuck stuck && stuck.reason().equals(reason))) {
            LOG.error("account {}: {}", shown(), reason);
        }
        trouble = new Trouble.Stuck(reason, versions, nextLook());
        return false;
    }

    private boolean keepStuck() {
        // Unless the operator or a change has moved it on meanwhile.
        if (trouble instanceof Trouble.Stuck stuck) {
            trouble = new Trouble.Stuck(stuck.reason(), stuck.versions(), nextLook());
        }
        return false;
    }

    /** A change that came while the secrets were read may not be in what was read. */
    private Instant nextLook() {
        Instant now = around.clock().instant();
        return changedMeanwhile ? now : now.plus(LOOK_AT_SECRETS);
    }

    private boolean pause(TokenFetch.Outcome.Failed failed) {
        int failures = failures();
        if (failures == 0) {
            LOG.warn("account {}: {}", shown(), failed.reason());
        }
        Duration pause = Pauses.afterFailure(failures, failed.retryAfter(), around.random());
        Instant now = around.clock().instant();
        Trouble paused = new Trouble.Pause(failed.reason(), failures, now.plus(pause), failed.who());
        trouble = changedMeanwhile ? paused.afterChange(now) : paused;
        return false;
    }

    /** The name only. */
    @Override
    public String toString() {
        return "TokenLife[" + account.name() + "]";
    }
}
