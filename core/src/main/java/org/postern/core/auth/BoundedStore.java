// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.postern.core.time.Waits;
import org.postern.spi.credential.Credential;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.CredentialStore;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.Lookup;
import org.postern.spi.credential.LookupAttribute;
import org.postern.spi.credential.RotatingCredentialStore;
import org.postern.spi.credential.UpdateResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One store behind a wall: whatever it does, the caller gets an answer in time, and nothing of it spreads. */
final class BoundedStore {

    private static final Logger LOG = LoggerFactory.getLogger(BoundedStore.class);

    private final String name;
    private final int ranking;
    private final long serviceId;
    private final StoreRegistry.Limits limits;
    private final Waits waits;
    private final LeasedService<CredentialStore> store;
    private final AbandonedLookups abandoned;
    private final Set<LookupAttribute> attributes;
    private final Semaphore turns;
    private final Set<Call> running = ConcurrentHashMap.newKeySet();

    /** What is asked of a store. */
    @FunctionalInterface
    interface Question {
        Lookup ask(CredentialStore store) throws InterruptedException;
    }

    BoundedStore(
            CredentialStore store,
            int ranking,
            long serviceId,
            StoreRegistry.Limits limits,
            AbandonedLookups abandoned,
            Waits waits) {
        this.name = nameOf(store);
        this.ranking = ranking;
        this.serviceId = serviceId;
        this.limits = limits;
        this.abandoned = abandoned;
        this.waits = waits;
        this.store = new LeasedService<>(store, waits);
        this.attributes = attributesOf(store);
        this.turns = new Semaphore(limits.calls(), true);
    }

    String name() {
        return name;
    }

    int ranking() {
        return ranking;
    }

    long serviceId() {
        return serviceId;
    }

    /** What it wants to be told beside the key. */
    Set<LookupAttribute> attributes() {
        return attributes;
    }

    StoreAnswer ask(CredentialRef ref, Question question) throws InterruptedException {
        long end = waits.nanoTime() + limits.deadline().toNanos();
        if (!turns.tryAcquire(limits.deadline().toNanos(), TimeUnit.NANOSECONDS)) {
            return new StoreAnswer.Unavailable("busy: " + limits.calls() + " lookups were running for "
                    + limits.deadline().toSeconds() + " s");
        }
        Optional<LeasedService.Use<CredentialStore>> use = store.lease();
        if (use.isEmpty()) {
            turns.release();
            return new StoreAnswer.Unavailable("is being replaced");
        }
        return new Call(ref, question, use.get()).await(end - waits.nanoTime());
    }

    /** Behind the same wall: what the store does or fails to do is a result. */
    UpdateResult promote(CredentialRef ref, CredentialVersion next) throws InterruptedException {
        AtomicReference<UpdateResult> result = new AtomicReference<>();
        StoreAnswer answer = ask(ref, asked -> {
            result.set(
                    asked instanceof RotatingCredentialStore rotating
                            ? rotating.promote(ref, next)
                            : new UpdateResult.NotUpdated("it is changed elsewhere"));
            return new Lookup.NoSuchCredential("");
        });
        String why = answer instanceof StoreAnswer.Nothing nothing ? nothing.reason() : "";
        return Optional.ofNullable(result.get())
                .orElseGet(() -> new UpdateResult.NotUpdated(why.isEmpty() ? "it answered with nothing at all" : why));
    }

    /** Lets the calls that are out end, or interrupts them. */
    boolean retire(Duration drain) {
        boolean drained = store.retire(drain);
        running.forEach(Call::interrupt);
        return drained;
    }

    private static String nameOf(CredentialStore store) {
        try {
            return Words.oneLine(store.name()).toLowerCase(Locale.ROOT);
        } catch (RuntimeException | LinkageError nameless) {
            return store.getClass().getSimpleName().toLowerCase(Locale.ROOT);
        }
    }

    private static Set<LookupAttribute> attributesOf(CredentialStore store) {
        try {
            return Set.copyOf(store.attributes());
        } catch (RuntimeException | LinkageError silent) {
            return Set.of();
        }
    }

    /**
     * One call on a thread of its own. Its turn and its lease end when the store returns, not when the caller leaves.
     *
     * <p>The thread is one of the platform's. A store may be busy without end, or block in native code or, before Java 24,
     * under a monitor; a virtual thread would then keep its carrier, and of these there are as many as processors for all
     * the mail there is.
     */
    private final class Call {

        private final CredentialRef ref;
        private final Question question;
        private final LeasedService.Use<CredentialStore> use;
        private final CompletableFuture<StoreAnswer> answer = new CompletableFuture<>();
        private final Thread thread;

        Call(CredentialRef ref, Question question, LeasedService.Use<CredentialStore> use) {
            this.ref = ref;
            this.question = question;
            this.use = use;
            this.thread = waits.platformThread("postern-store-" + name, this::run);
        }

        StoreAnswer await(long nanos) throws InterruptedException {
            running.add(this);
            try {
                thread.start();
            } catch (OutOfMemoryError none) {
                // Of the system's threads, which a container may have few of; the heap's own error ends the process.
                end();
                return new StoreAnswer.Unavailable("cannot be asked: " + none.getMessage());
            }
            try {
                return waits.get(answer, nanos);
            } catch (TimeoutException late) {
                return giveUp();
            } catch (ExecutionException fatal) {
                throw Fatal.of(fatal);
            } catch (InterruptedException stopped) {
                giveUp();
                throw stopped;
            }
        }

        void interrupt() {
            thread.interrupt();
        }

        private StoreAnswer giveUp() {
            StoreAnswer late = new StoreAnswer.Unavailable(
                    "gave no answer within " + limits.deadline().toMillis() + " ms");
            // Whoever completes first wins: an answer that comes after this is wiped by run().
            answer.complete(late);
            interrupt();
            Thread.ofVirtual().name("postern-store-watch-" + name).start(this::countIfItGoesOn);
            return answer.getNow(late);
        }

        /** It may take as long to tidy up as it may to answer. */
        private void countIfItGoesOn() {
            try {
                if (!thread.join(limits.deadline())) {
                    abandoned.add(name, limits.calls() - turns.availablePermits(), limits.calls());
                }
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        }

        private void run() {
            try {
                StoreAnswer found = ask();
                if (!answer.complete(found) && found instanceof StoreAnswer.Found unwanted) {
                    unwanted.close();
                }
            } catch (VirtualMachineError fatal) {
                // Not swallowed: the caller gets it thrown.
                answer.completeExceptionally(fatal);
            } catch (Throwable failure) {
                LOG.error("credential store {} failed with {}", name, describe(failure));
                answer.complete(new StoreAnswer.Unavailable("failed with " + describe(failure)));
            } finally {
                end();
            }
        }

        private void end() {
            use.close();
            running.remove(this);
            turns.release();
        }

        private StoreAnswer ask() {
            try {
                return switch (question.ask(use.service())) {
                    case null -> new StoreAnswer.Unavailable("answered with nothing at all");
                    case Lookup.Found found -> owned(found);
                    case Lookup.NoSuchCredential none -> new StoreAnswer.Missing(Words.oneLine(none.reason()));
                    case Lookup.StoreUnavailable down -> new StoreAnswer.Unavailable(Words.oneLine(down.reason()));
                };
            } catch (Exception | LinkageError | StackOverflowError failure) {
                return new StoreAnswer.Unavailable("failed with " + describe(failure));
            }
        }

        /** Copied on this side of the wall, where a secret that the store has already wiped is the store's failure. */
        private StoreAnswer owned(Lookup.Found original) {
            try {
                Optional<String> complaint = Soundness.complaint(original.credential());
                if (complaint.isPresent()) {
                    return new StoreAnswer.Unusable("holds " + complaint.get());
                }
                Credential current = CredentialCopy.of(original.credential());
                // A coming credential that is no good is left out: mail goes on with the current one.
                Optional<Credential> next = original.next()
                        .filter(coming -> Soundness.complaint(coming).isEmpty())
                        .map(CredentialCopy::of);
                return new StoreAnswer.Found(current, next, name, ref);
            } finally {
                original.close();
            }
        }

        /** The kind and the place; never the text, in which a careless store may have put what it was handling. */
        private String describe(Throwable failure) {
            StackTraceElement[] trace = failure.getStackTrace();
            String where =
                    trace.length == 0 ? "" : " in " + trace[0].getClassName() + ", line " + trace[0].getLineNumber();
            return failure.getClass().getSimpleName() + where;
        }
    }
}
