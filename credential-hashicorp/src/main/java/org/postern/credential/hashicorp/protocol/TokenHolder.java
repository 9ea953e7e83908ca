// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.hashicorp.protocol;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.postern.spi.credential.Secret;
import org.postern.spi.credential.SecretWrapping;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The token that requests are made with, from one login to the next. At two thirds of its life it is renewed, or replaced
 * where it cannot be renewed any more, behind the backs of those who use it. Whoever needs one while there is none waits
 * for the login that is under way.
 *
 * <p>Threading: safe for many threads. The lock is never held while the server is asked.
 */
public final class TokenHolder {

    private static final Logger LOG = LoggerFactory.getLogger(TokenHolder.class);

    /** Between two logins that refused reads have caused; twice as long after each that did not help. */
    private static final Backoff BETWEEN_LOGINS = new Backoff(Duration.ofSeconds(30), Duration.ofMinutes(5));

    private static final Duration SOONEST = Duration.ofMillis(250);
    private static final Duration AFTER_FAILED_RENEWAL = Duration.ofSeconds(10);

    private final Login login;
    private final VaultServer server;
    private final SecretWrapping wrapping;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Executor threads;

    private final ReentrantLock lock = new ReentrantLock();
    private Optional<Held> held = Optional.empty();
    private Optional<Pause> pause = Optional.empty();
    private Optional<String> waiting = Optional.empty();
    private Optional<CompletableFuture<Void>> running = Optional.empty();
    private long serial;
    private int loginFailures;
    private int fruitless;
    private Instant nextForced = Instant.MIN;
    private boolean closed;

    /** Nothing is asked before somebody needs a token. */
    public TokenHolder(
            LoginMethod method,
            VaultServer server,
            SecretWrapping wrapping,
            InstantSource clock,
            RandomGenerator random,
            Executor threads) {
        this.login = new Login(method, server, wrapping);
        this.server = server;
        this.wrapping = wrapping;
        this.clock = clock;
        this.random = random;
        this.threads = threads;
    }

    /**
     * A token in use.
     *
     * @param first how long it lived at its login; a renewal that brings less than half of that nears the end of what
     *     the server allows
     */
    private record Held(
            SecretWrapping.Wrapped token,
            long serial,
            Optional<Duration> first,
            Optional<Instant> end,
            Optional<Instant> renewAt,
            boolean renewable) {

        boolean isOver(Instant now) {
            return end.filter(moment -> !now.isBefore(moment)).isPresent();
        }

        boolean isDue(Instant now) {
            return renewAt.filter(moment -> !now.isBefore(moment)).isPresent();
        }
    }

    private record Pause(String reason, Instant until) {}

    /** The token; waits for a login if there is none. */
    Access access() throws InterruptedException {
        CompletableFuture<Void> attempt;
        lock.lock();
        try {
            Instant now = clock.instant();
            if (isUsable(now)) {
                return granted();
            }
            if (isPausing(now)) {
                return none();
            }
            attempt = begin(this::logIn);
        } finally {
            lock.unlock();
        }
        await(attempt);
        lock.lock();
        try {
            return isUsable(clock.instant()) ? granted() : none();
        } finally {
            lock.unlock();
        }
    }

    /**
     * A request with this token was refused. Logs in anew, unless that was done not long ago.
     *
     * @return whether there is another token than that one
     */
    boolean replace(long refused) throws InterruptedException {
        CompletableFuture<Void> attempt;
        lock.lock();
        try {
            Instant now = clock.instant();
            if (isUsable(now) && held.get().serial() != refused) {
                return true;
            }
            if (running.isEmpty() && now.isBefore(nextForced)) {
                return false;
            }
            if (running.isEmpty()) {
                nextForced = now.plus(BETWEEN_LOGINS.after(fruitless++, random));
            }
            attempt = begin(this::logIn);
        } finally {
            lock.unlock();
        }
        await(attempt);
        lock.lock();
        try {
            return isUsable(clock.instant()) && held.get().serial() != refused;
        } finally {
            lock.unlock();
        }
    }

    /** A login that a refused request caused has helped. */
    void helped() {
        lock.lock();
        try {
            fruitless = 0;
        } finally {
            lock.unlock();
        }
    }

    /** To be called several times a second: renews the token in time. */
    public void tick() {
        lock.lock();
        try {
            Instant now = clock.instant();
            if (isUsable(now) && held.get().isDue(now) && running.isEmpty()) {
                begin(this::renew);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Hands nothing out any more. */
    public void close() {
        lock.lock();
        try {
            closed = true;
            held = Optional.empty();
            running.ifPresent(attempt -> attempt.cancel(false));
        } finally {
            lock.unlock();
        }
    }

    private boolean isUsable(Instant now) {
        return held.filter(token -> !token.isOver(now)).isPresent();
    }

    private boolean isPausing(Instant now) {
        return pause.filter(rest -> now.isBefore(rest.until())).isPresent();
    }

    private Access granted() {
        return new Access.Granted(held.get().token().unwrap(), held.get().serial());
    }

    private Access none() {
        if (closed) {
            return new Access.Unavailable("is being replaced");
        }
        if (waiting.isPresent()) {
            return new Access.Unavailable(waiting.get());
        }
        return new Access.None(pause.map(rest -> rest.reason() + "; tried again at " + rest.until())
                .orElse("has no token yet"));
    }

    private interface Work {
        void done() throws InterruptedException;
    }

    /** What is under way, or something new. Under the lock. */
    private CompletableFuture<Void> begin(Work work) {
        if (running.isPresent()) {
            return running.get();
        }
        CompletableFuture<Void> attempt = new CompletableFuture<>();
        if (closed) {
            attempt.complete(null);
            return attempt;
        }
        running = Optional.of(attempt);
        threads.execute(() -> run(work, attempt));
        return attempt;
    }

    private static void await(CompletableFuture<Void> attempt) throws InterruptedException {
        try {
            attempt.get();
        } catch (ExecutionException broken) {
            throw new IllegalStateException(broken.getCause());
        } catch (CancellationException leaving) {
            // The store goes; none() says so.
        }
    }

    private void run(Work work, CompletableFuture<Void> attempt) {
        try {
            work.done();
        } catch (InterruptedException leaving) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException odd) {
            // A mistake of ours must not end the store. The text may quote what was read, so it is not told.
            fail("the login failed with " + odd.getClass().getSimpleName(), Backoff.LONG);
        } finally {
            lock.lock();
            try {
                running = Optional.empty();
            } finally {
                lock.unlock();
            }
            attempt.complete(null);
        }
    }

    private void logIn() throws InterruptedException {
        // The server counts from a moment later: counted from here, a token never ends before we think so.
        Instant asked = clock.instant();
        switch (login.attempt()) {
            case LoginResult.Granted granted -> adopt(granted, asked);
            case LoginResult.Refused refused -> fail(refused.reason(), Backoff.LONG);
            case LoginResult.Failed failed -> fail(failed.reason(), Backoff.SHORT);
            case LoginResult.Unavailable down -> waitForServer(down.reason());
        }
    }

    private void adopt(LoginResult.Granted granted, Instant asked) {
        try (Secret token = granted.token()) {
            lock.lock();
            try {
                if (closed || isTheSame(token)) {
                    return;
                }
                held = Optional.of(held(
                        wrapping.wrap(token), ++serial, granted.life(), granted.life(), granted.renewable(), asked));
                if (loginFailures > 0) {
                    LOG.info("logged in again");
                }
                pause = Optional.empty();
                waiting = Optional.empty();
                loginFailures = 0;
            } finally {
                lock.unlock();
            }
        }
    }

    /** A token that is given and not logged in for may still lie where it lay. Under the lock. */
    private boolean isTheSame(Secret token) {
        if (!isUsable(clock.instant())) {
            return false;
        }
        try (Secret present = held.get().token().unwrap()) {
            return present.equals(token);
        }
    }

    private Held held(
            SecretWrapping.Wrapped token,
            long number,
            Optional<Duration> first,
            Optional<Duration> life,
            boolean renewable,
            Instant asked) {
        return new Held(
                token,
                number,
                first,
                life.map(asked::plus),
                life.map(this::twoThirds).map(asked::plus),
                renewable);
    }

    /** A little less by chance, so that relays that were started together do not come together. */
    private Duration twoThirds(Duration life) {
        long millis = life.toMillis();
        return Duration.ofMillis(millis * 2 / 3 - (long) (millis * random.nextDouble() / 15));
    }

    private void renew() throws InterruptedException {
        Held present;
        lock.lock();
        try {
            if (held.isEmpty()) {
                return;
            }
            present = held.get();
        } finally {
            lock.unlock();
        }
        if (!present.renewable()) {
            replaceEarly(present);
            return;
        }
        Instant asked = clock.instant();
        try (Secret token = present.token().unwrap()) {
            switch (server.call(ApiRequest.post("auth/token/renew-self", token, Map.of()))) {
                case Reply.Done done ->
                    renewed(present, done.body().object("auth").orElse(JsonObject.EMPTY), asked);
                case Reply.Refused refused -> replaceEarly(present);
                case Reply.Failed failed -> postpone(present);
                case Reply.Unavailable down -> postpone(present);
            }
        }
    }

    private void renewed(Held present, JsonObject auth, Instant asked) throws InterruptedException {
        Optional<Duration> life = auth.seconds("lease_duration");
        if (life.isEmpty() && present.first().isPresent()) {
            // Zero is "without end" for a token that never had one, and "no second more" for any other.
            replaceEarly(present);
            return;
        }
        boolean nearsItsEnd = life.isPresent()
                && present.first()
                        .filter(first -> life.get().multipliedBy(2).compareTo(first) < 0)
                        .isPresent();
        boolean renewable = auth.flag("renewable") && !nearsItsEnd;
        lock.lock();
        try {
            if (!closed && isHeld(present)) {
                held = Optional.of(held(present.token(), present.serial(), present.first(), life, renewable, asked));
            }
        } finally {
            lock.unlock();
        }
    }

    /** Logs in while the old token is still good; until that has worked the old one is used. */
    private void replaceEarly(Held present) throws InterruptedException {
        Instant asked = clock.instant();
        switch (login.attempt()) {
            case LoginResult.Granted granted -> {
                adopt(granted, asked);
                postponeIfStillThere(present);
            }
            case LoginResult.Refused refused -> {
                LOG.warn(
                        "{}; the token that is there ends at {}",
                        refused.reason(),
                        present.end().orElse(Instant.MAX));
                postpone(present);
            }
            case LoginResult.Failed failed -> postpone(present);
            case LoginResult.Unavailable down -> postpone(present);
        }
    }

    private void postponeIfStillThere(Held present) {
        lock.lock();
        try {
            if (isHeld(present)) {
                LOG.warn(
                        "the token ends at {} and cannot be renewed, and there is no other yet",
                        present.end().orElse(Instant.MAX));
                postpone(present);
            }
        } finally {
            lock.unlock();
        }
    }

    private void postpone(Held present) {
        lock.lock();
        try {
            if (!closed && isHeld(present)) {
                Instant now = clock.instant();
                Duration left = Duration.between(now, present.end().orElse(now));
                Duration quarter = left.dividedBy(4);
                Duration bounded = quarter.compareTo(AFTER_FAILED_RENEWAL) < 0 ? quarter : AFTER_FAILED_RENEWAL;
                Duration wait = bounded.compareTo(SOONEST) < 0 ? SOONEST : bounded;
                held = Optional.of(new Held(
                        present.token(),
                        present.serial(),
                        present.first(),
                        present.end(),
                        Optional.of(now.plus(wait)),
                        present.renewable()));
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean isHeld(Held present) {
        return held.filter(token -> token.serial() == present.serial()).isPresent();
    }

    /** Without a pause of its own: nothing is sent anyway until the server can be asked again. */
    private void waitForServer(String reason) {
        lock.lock();
        try {
            waiting = Optional.of(reason);
        } finally {
            lock.unlock();
        }
    }

    private void fail(String reason, Backoff backoff) {
        lock.lock();
        try {
            waiting = Optional.empty();
            if (loginFailures == 0) {
                LOG.warn("{}", reason);
            }
            pause = Optional.of(new Pause(reason, clock.instant().plus(backoff.after(loginFailures++, random))));
        } finally {
            lock.unlock();
        }
    }

    /** The method only. */
    @Override
    public String toString() {
        return "TokenHolder[" + login.method().describe() + "]";
    }
}
