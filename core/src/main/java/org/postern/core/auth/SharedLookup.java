// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.postern.core.time.Waits;

/** One question to the stores whose answer several callers wait for. Whoever is last wipes the original. */
final class SharedLookup {

    private final CompletableFuture<StoreAnswer> answer = new CompletableFuture<>();
    private final Waits waits;
    private final long begun;
    /** Those who may still need the original: the one who asks the store, and every caller. */
    private final AtomicInteger sharers;

    private SharedLookup(Waits waits, int sharers) {
        this.waits = waits;
        this.begun = waits.nanoTime();
        this.sharers = new AtomicInteger(sharers);
    }

    /** For a caller who will {@link #await()} it. */
    static SharedLookup forCaller(Waits waits) {
        return new SharedLookup(waits, 2);
    }

    /** For nobody who waits; callers who come meanwhile may {@link #join()}. */
    static SharedLookup inBackground(Waits waits) {
        return new SharedLookup(waits, 1);
    }

    /** Returns whether another caller may still share the answer; it must then {@link #await()} it. */
    boolean join() {
        return !answer.isDone() && sharers.getAndUpdate(count -> count == 0 ? 0 : count + 1) != 0;
    }

    /** A copy for one caller. */
    StoreAnswer await() throws InterruptedException {
        try {
            return copy(answer.get());
        } catch (ExecutionException broken) {
            throw Fatal.of(broken);
        } finally {
            leave();
        }
    }

    /**
     * A copy for one caller, who does not wait for it.
     *
     * @param patience how long after its beginning a lookup is expected to have ended
     * @return nothing if it has not
     */
    Optional<StoreAnswer> awaitWithin(Duration patience) throws InterruptedException {
        try {
            long left = patience.toNanos() - (waits.nanoTime() - begun);
            return Optional.of(copy(waits.get(answer, Math.max(0, left))));
        } catch (TimeoutException late) {
            return Optional.empty();
        } catch (ExecutionException broken) {
            throw Fatal.of(broken);
        } finally {
            leave();
        }
    }

    void complete(StoreAnswer found) {
        answer.complete(found);
        leave();
    }

    /** Only for what is not to be survived, such as an exhausted memory. */
    void breakWith(Throwable cause) {
        answer.completeExceptionally(cause);
        leave();
    }

    private static StoreAnswer copy(StoreAnswer original) {
        return original instanceof StoreAnswer.Found found
                ? new StoreAnswer.Found(
                        CredentialCopy.of(found.credential()),
                        found.next().map(CredentialCopy::of),
                        found.store(),
                        found.ref())
                : original;
    }

    private void leave() {
        if (sharers.decrementAndGet() == 0
                && !answer.isCompletedExceptionally()
                && answer.getNow(null) instanceof StoreAnswer.Found original) {
            original.close();
        }
    }
}
