// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.CredentialStore;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.Lookup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The credential stores that are there now, asked in the order of their ranking until one has what is wanted. A store
 * that cannot answer does not keep the next one from being asked.
 *
 * <p>Each call of a store has a deadline and runs on a thread of its own; a store serves a bounded number of calls at
 * once; callers that want the same reference at the same time share one call, and each gets a copy.
 *
 * <p>Threading: safe for many threads; no lock is held while a store is asked.
 */
public final class StoreRegistry implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StoreRegistry.class);

    private static final Comparator<BoundedStore> HIGHEST_FIRST =
            Comparator.comparingInt(BoundedStore::ranking).reversed().thenComparingLong(BoundedStore::serviceId);

    private final Limits limits;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<CredentialRef, SharedLookup> shared = new ConcurrentHashMap<>();
    private volatile List<BoundedStore> stores = List.of();

    /**
     * Bounds.
     *
     * @param deadline of one call of one store, waiting for its turn included
     * @param calls of one store at once
     * @param drain how long a departure waits for calls that are out
     */
    public record Limits(Duration deadline, int calls, Duration drain) {

        /** 10 seconds, 64 calls, 10 seconds. */
        public static final Limits DEFAULT = new Limits(Duration.ofSeconds(10), 64, Duration.ofSeconds(10));
    }

    /** A registry with these bounds. */
    public StoreRegistry(Limits limits) {
        this.limits = limits;
    }

    /** A store has come. */
    public void bind(CredentialStore store, int ranking, long serviceId) {
        BoundedStore arrived = new BoundedStore(store, ranking, serviceId, limits);
        lock.lock();
        try {
            stores = Stream.concat(stores.stream(), Stream.of(arrived))
                    .sorted(HIGHEST_FIRST)
                    .toList();
        } finally {
            lock.unlock();
        }
        allChanged();
    }

    /**
     * A store goes. Returns when its calls have ended, or interrupts them when the time is over; afterwards nothing here
     * refers to it. An unknown service does nothing.
     */
    public void unbind(long serviceId) {
        remove(serviceId).ifPresent(leaving -> retire(leaving, limits.drain()));
    }

    /** The names of the stores, in the order in which they are asked. */
    public List<String> names() {
        return stores.stream().map(BoundedStore::name).toList();
    }

    /** Asks, or shares the answer that another caller is waiting for. */
    public StoreAnswer lookup(CredentialRef ref) throws InterruptedException {
        return shared.compute(
                        ref,
                        (same, running) ->
                                running != null && running.join() ? running : start(ref, store -> store.lookup(ref)))
                .await();
    }

    /** Asks anew, whoever else is asking: for after a peer has refused this version. */
    public StoreAnswer lookupAnew(CredentialRef ref, CredentialVersion refused) throws InterruptedException {
        return shared.compute(ref, (same, stale) -> start(ref, store -> store.lookupAnew(ref, refused)))
                .await();
    }

    /** A credential may have changed: whoever asks from now on shares no answer from before. */
    public void changed(CredentialRef ref) {
        shared.remove(ref);
    }

    /** Any credential may have changed. */
    public void allChanged() {
        shared.clear();
    }

    /** Forgets all stores and interrupts what is out. */
    @Override
    public void close() {
        for (BoundedStore store : stores) {
            remove(store.serviceId()).ifPresent(leaving -> retire(leaving, Duration.ZERO));
        }
    }

    private Optional<BoundedStore> remove(long serviceId) {
        lock.lock();
        try {
            Optional<BoundedStore> leaving = stores.stream()
                    .filter(store -> store.serviceId() == serviceId)
                    .findFirst();
            stores = stores.stream()
                    .filter(store -> store.serviceId() != serviceId)
                    .toList();
            return leaving;
        } finally {
            lock.unlock();
        }
    }

    private void retire(BoundedStore leaving, Duration drain) {
        if (!leaving.retire(drain)) {
            LOG.warn("credential store {} left while it was being asked: lookups were cut off", leaving.name());
        }
        allChanged();
    }

    private SharedLookup start(CredentialRef ref, BoundedStore.Question question) {
        SharedLookup lookup = new SharedLookup();
        Thread.ofVirtual().name("postern-lookup").start(() -> run(ref, question, lookup));
        return lookup;
    }

    private void run(CredentialRef ref, BoundedStore.Question question, SharedLookup lookup) {
        try {
            lookup.complete(ask(question));
        } catch (Throwable fatal) {
            // Not swallowed: every caller gets it thrown.
            lookup.breakWith(fatal);
        } finally {
            shared.remove(ref, lookup);
        }
    }

    private StoreAnswer ask(BoundedStore.Question question) throws InterruptedException {
        List<String> without = new ArrayList<>();
        List<String> failed = new ArrayList<>();
        for (BoundedStore store : stores) {
            switch (store.ask(question)) {
                case Lookup.Found found -> {
                    return new StoreAnswer.Found(found.credential(), store.name());
                }
                case Lookup.NoSuchCredential none -> without.add(said(store, none.reason()));
                case Lookup.StoreUnavailable down -> failed.add(said(store, down.reason()));
            }
        }
        return conclude(without, failed);
    }

    private static StoreAnswer conclude(List<String> without, List<String> failed) {
        if (!failed.isEmpty()) {
            return new StoreAnswer.Unavailable(String.join("; ", failed));
        }
        return without.isEmpty()
                ? new StoreAnswer.Unavailable("no credential store is installed")
                : new StoreAnswer.Missing(String.join("; ", without));
    }

    private static String said(BoundedStore store, String reason) {
        return "store " + store.name() + ": " + Words.oneLine(reason);
    }
}
