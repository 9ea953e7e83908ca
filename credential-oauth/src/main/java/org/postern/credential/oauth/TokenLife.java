// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.oauth;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.postern.credential.oauth.Account.Grant;
import org.postern.spi.credential.BearerToken;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.Lookup;
import org.postern.spi.credential.Secret;
import org.postern.spi.credential.SecretWrapping;
import org.postern.spi.credential.UpdateResult;
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

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);
    private static final Duration LONGEST_WISH = Duration.ofHours(1);
    private static final Duration LOOK_AT_SECRETS = Duration.ofSeconds(30);
    private static final Duration UNSTATED_LIFE = Duration.ofMinutes(30);
    private static final Duration LONGEST_USE = Duration.ofHours(24);
    private static final Duration FIRST_RENEWAL = Duration.ofMinutes(1);
    private static final Duration LONGEST_RENEWAL = Duration.ofHours(1);

    private final Account account;
    private final CredentialRef ref;
    private final TokenSource source;
    private final AccountSecrets secrets;
    private final Surroundings around;

    private final ReentrantLock lock = new ReentrantLock();
    private Optional<Held> held = Optional.empty();
    private Optional<Unwritten> unwritten = Optional.empty();
    private Trouble trouble = new Trouble.None();
    private Optional<CompletableFuture<Void>> running = Optional.empty();
    private boolean unanswered;
    private int renewals;
    private Instant nextRenewal = Instant.MIN;
    private boolean closed;

    TokenLife(Account account, TokenSource source, Surroundings around) {
        this.account = account;
        this.ref = new CredentialRef(account.name());
        this.source = source;
        this.secrets = new AccountSecrets(around.access(), account);
        this.around = around;
    }

    /** A token that was granted and may be handed out. */
    private record Held(
            SecretWrapping.Wrapped token, CredentialVersion version, Optional<Instant> expiry, Instant refreshAt) {

        boolean isUsable(Instant now) {
            return expiry.isEmpty() || now.isBefore(expiry.get());
        }
    }

    /**
     * A refresh token that its store has not taken yet, and the access token that came with it. The old refresh token is
     * gone at the provider, so until this is written nobody may rely on what came with it.
     */
    private record Unwritten(SecretWrapping.Wrapped refreshToken, CredentialVersion replaces, Held token) {}

    /** Why there is no new token. */
    private sealed interface Trouble {

        record None() implements Trouble {}

        /** The provider or a store fails; it is asked again at this moment. */
        record Pause(String reason, int failures, Instant until) implements Trouble {}

        /** Somebody has to do something: not asked again before these versions change. */
        record Stuck(String reason, String versions, Instant nextLook) implements Trouble {}
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
                if (!now.isBefore(held.get().refreshAt()) && !isPausing(now)) {
                    begin(Refresh.USUAL);
                }
                return found(held.get());
            }
            if (isPausing(now)) {
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
            if (!ours || now.isBefore(nextRenewal) || isPausing(now)) {
                refresh = CompletableFuture.completedFuture(null);
            } else {
                // A mailbox that may not send refuses every token: each renewal makes the next one wait longer.
                nextRenewal = now.plus(grown(FIRST_RENEWAL, renewals++, LONGEST_RENEWAL));
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
            if (unanswered && !isPausing(around.clock().instant())) {
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
            Optional<Held> usable = held.filter(token -> token.isUsable(now));
            return new TokenStatus(
                    account,
                    state(usable),
                    usable.map(Held::version),
                    usable.flatMap(Held::expiry),
                    usable.map(Held::refreshAt));
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
            if (unwritten.isPresent()) {
                LOG.error(
                        "account {}: the last refresh token could not be written and is lost: run postern oauth login {}",
                        account.name(),
                        account.name());
            }
            unwritten = Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    private TokenStatus.State state(Optional<Held> usable) {
        return switch (trouble) {
            case Trouble.None none when usable.isPresent() -> new TokenStatus.State.Good();
            case Trouble.None none -> new TokenStatus.State.NotAsked();
            case Trouble.Pause pause -> new TokenStatus.State.Failing(pause.reason(), pause.until());
            case Trouble.Stuck stuck -> new TokenStatus.State.NeedsOperator(stuck.reason());
        };
    }

    private boolean isPausing(Instant now) {
        return switch (trouble) {
            case Trouble.None none -> false;
            case Trouble.Pause pause -> now.isBefore(pause.until());
            case Trouble.Stuck stuck -> now.isBefore(stuck.nextLook());
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

    private Lookup found(Held token) {
        return new Lookup.Found(new BearerToken(
                account.user(), token.token().unwrap(), token.version(), token.expiry(), account.allowedHosts()));
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
            news = refresh(why);
        } catch (InterruptedException leaving) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException odd) {
            // A mistake of ours must not end the account. The text may quote what was read, so it is not told.
            fail("the request failed with " + odd.getClass().getSimpleName(), Optional.empty());
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

    /** Whether there is news for those who do not wait. */
    private boolean refresh(Refresh why) throws InterruptedException {
        Optional<Unwritten> pending = underLock(() -> unwritten);
        if (pending.isPresent()) {
            return write(pending.get(), why);
        }
        return switch (secrets.read()) {
            case AccountSecrets.Reading.Missing missing -> stick(missing.reason(), "");
            case AccountSecrets.Reading.Unavailable down -> fail(down.reason(), Optional.empty());
            case AccountSecrets.Reading.Complete complete -> {
                try (KnownSecrets known = complete.known()) {
                    yield isStuckWith(known.versions()) ? keepStuck() : ask(known, why);
                }
            }
        };
    }

    private boolean isStuckWith(String versions) {
        return underLock(
                () -> trouble instanceof Trouble.Stuck stuck && stuck.versions().equals(versions));
    }

    private boolean keepStuck() {
        return underLock(() -> {
            Trouble.Stuck stuck = (Trouble.Stuck) trouble;
            trouble = new Trouble.Stuck(stuck.reason(), stuck.versions(), nextLook());
            return false;
        });
    }

    private boolean ask(KnownSecrets known, Refresh why) throws InterruptedException {
        Instant asked = around.clock().instant();
        return switch (source.ask(account, known)) {
            case TokenAnswer.Granted granted -> grant(granted, known, asked, why);
            case TokenAnswer.Refused refused -> stick(refused.reason() + advice(refused.code()), known.versions());
            case TokenAnswer.Failed failed -> fail(failed.reason(), failed.retryAfter());
        };
    }

    private boolean grant(TokenAnswer.Granted granted, KnownSecrets known, Instant asked, Refresh why)
            throws InterruptedException {
        Held token;
        try (Secret secret = granted.token()) {
            token = hold(secret, granted.life(), asked);
        }
        if (granted.refreshToken().isEmpty() || !(account.grant() instanceof Grant.RefreshToken)) {
            granted.refreshToken().ifPresent(Secret::close);
            return adopt(token, why);
        }
        try (Secret rotated = granted.refreshToken().get()) {
            if (known.grant().filter(rotated::equals).isPresent()) {
                return adopt(token, why);
            }
            Unwritten pending = new Unwritten(
                    around.wrapping().wrap(rotated), known.grantVersion().orElseThrow(), token);
            underLock(() -> unwritten = Optional.of(pending));
            return write(pending, why);
        }
    }

    private Held hold(Secret secret, Optional<Duration> life, Instant asked) {
        Duration use = life.orElse(UNSTATED_LIFE);
        Duration bounded = use.compareTo(LONGEST_USE) > 0 ? LONGEST_USE : use;
        Duration third = bounded.dividedBy(3);
        Duration margin = account.margin().compareTo(third) > 0 ? third : account.margin();
        // Tokens that were fetched together would end together, for a thousand accounts in the same second.
        Duration early = margin.plus(
                Duration.ofMillis((long) (margin.toMillis() * around.random().nextDouble())));
        return new Held(
                around.wrapping().wrap(secret),
                around.versions().next(),
                life.isPresent() ? Optional.of(asked.plus(bounded)) : Optional.empty(),
                asked.plus(bounded).minus(early));
    }

    /** The rotated refresh token is durable before anybody gets the access token that came with it. */
    private boolean write(Unwritten pending, Refresh why) throws InterruptedException {
        Grant.RefreshToken grant = (Grant.RefreshToken) account.grant();
        UpdateResult result;
        try (Secret rotated = pending.refreshToken().unwrap()) {
            result = around.access()
                    .update(RefreshTokenEntry.of(account, grant, Optional.of(pending.replaces()), rotated));
        }
        return switch (result) {
            case UpdateResult.Updated updated -> {
                underLock(() -> unwritten = Optional.empty());
                yield adopt(pending.token(), why);
            }
            // Somebody logged in meanwhile: the newer refresh token stays, and this access token is good all the same.
            case UpdateResult.Superseded newer -> {
                underLock(() -> unwritten = Optional.empty());
                LOG.info("account {}: {}; the rotated refresh token was dropped", shown(), newer.reason());
                yield adopt(pending.token(), why);
            }
            case UpdateResult.NotUpdated not ->
                fail("the rotated refresh token cannot be written: " + not.reason(), Optional.empty());
        };
    }

    private boolean adopt(Held token, Refresh why) {
        return underLock(() -> {
            boolean troubled = unanswered || !(trouble instanceof Trouble.None);
            if (troubled) {
                LOG.info("account {}: there is a token again", shown());
            }
            if (closed) {
                return false;
            }
            held = Optional.of(token);
            trouble = new Trouble.None();
            unanswered = false;
            if (why == Refresh.USUAL) {
                renewals = 0;
            }
            // Who asked after a refusal has the token in hand; to announce it would let every refusal cause a login.
            return why != Refresh.AFTER_REFUSAL && troubled;
        });
    }

    private boolean stick(String reason, String versions) {
        return underLock(() -> {
            if (!(trouble instanceof Trouble.Stuck stuck && stuck.reason().equals(reason))) {
                LOG.error("account {}: {}", shown(), reason);
            }
            trouble = new Trouble.Stuck(reason, versions, nextLook());
            return false;
        });
    }

    private Instant nextLook() {
        return around.clock().instant().plus(LOOK_AT_SECRETS);
    }

    private boolean fail(String reason, Optional<Duration> retryAfter) {
        return underLock(() -> {
            int failures = trouble instanceof Trouble.Pause pause ? pause.failures() + 1 : 0;
            Duration own = grown(FIRST_PAUSE, failures, LONGEST_PAUSE);
            Duration jittered = own.plus(
                    Duration.ofMillis((long) (own.toMillis() * around.random().nextDouble() / 4)));
            Duration wished = retryAfter.orElse(Duration.ZERO);
            Duration bounded = wished.compareTo(LONGEST_WISH) > 0 ? LONGEST_WISH : wished;
            Duration pause = bounded.compareTo(jittered) > 0 ? bounded : jittered;
            if (failures == 0) {
                LOG.warn("account {}: {}", shown(), reason);
            }
            trouble =
                    new Trouble.Pause(reason, failures, around.clock().instant().plus(pause));
            return false;
        });
    }

    private static Duration grown(Duration first, int times, Duration most) {
        Duration grown = first.multipliedBy(1L << Math.min(times, 16));
        return grown.compareTo(most) > 0 ? most : grown;
    }

    private String advice(String code) {
        return switch (code) {
            case "invalid_grant" -> invalidGrant();
            case "invalid_client", "unauthorized_client" ->
                "; look at the application " + Printable.of(account.clientId())
                        + " at the provider, and at its secret or certificate here; then run postern oauth retry "
                        + shown();
            case "invalid_scope" -> "; correct Scope of account " + shown();
            default -> "; when that is mended, run postern oauth retry " + shown();
        };
    }

    private String invalidGrant() {
        return switch (account.grant()) {
            case Grant.RefreshToken refresh ->
                "; the refresh token was revoked or has expired: run postern oauth login " + shown();
            case Grant.ClientCredentials own -> "; when that is mended, run postern oauth retry " + shown();
            case Grant.JwtBearer bearer ->
                "; the service account may not act for " + Printable.of(account.user())
                        + ", or its key was deleted: mend that, then run postern oauth retry " + shown();
        };
    }

    private interface Work<R> {
        R done();
    }

    private <R> R underLock(Work<R> work) {
        lock.lock();
        try {
            return work.done();
        } finally {
            lock.unlock();
        }
    }

    /** The name only. */
    @Override
    public String toString() {
        return "TokenLife[" + account.name() + "]";
    }
}
