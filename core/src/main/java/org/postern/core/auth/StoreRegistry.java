// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.postern.core.time.Waits;
import org.postern.spi.credential.Credential;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.CredentialStore;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.UpdateResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The credential stores, asked one after the other until one has what is wanted. A store that cannot answer does not keep
 * the next one from being asked.
 *
 * <p>What a store answers is kept for a while, asked anew in the background before it is old, and stands in for the store
 * while that cannot answer or is being replaced. Each call of a store has a deadline and runs on a thread of its own; a
 * store serves a bounded number of calls at once; callers that want the same at the same time share one call, and each gets
 * a copy.
 *
 * <p>Threading: safe for many threads; no lock is held while a store is asked.
 */
public final class StoreRegistry implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StoreRegistry.class);

    private static final Duration BETWEEN_WARNINGS = Duration.ofMinutes(1);

    /** What a store on this machine, or near it, needs at most. To come back costs more than to wait so long. */
    private static final Duration PATIENCE = Duration.ofMillis(20);

    private final Limits limits;
    private final Clock clock;
    private final Waits waits;
    private final AnswerCache cache;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<StoreQuestion, SharedLookup> shared = new ConcurrentHashMap<>();
    /** Held for each change of {@link #shared}, by which the cache is looked at. */
    private final ReentrantLock sharing = new ReentrantLock();

    private final Pace warnings;
    private final AbandonedLookups abandoned;
    /** By name, those that are away included. */
    private volatile Map<String, NamedStore> known = Map.of();

    private volatile List<NamedStore> ranked = List.of();
    private volatile BiConsumer<String, Credential> replaced = (reference, old) -> {};
    private volatile Consumer<StoreQuestion> answered = question -> {};

    /**
     * Bounds.
     *
     * @param deadline of one call of one store, waiting for its turn included
     * @param calls of one store at once
     * @param drain how long a departure waits for calls that are out
     * @param kept answers that are kept at most
     */
    public record Limits(Duration deadline, int calls, Duration drain, int kept) {

        /** 10 seconds, 64 calls, 10 seconds, 20,000 answers. */
        public static final Limits DEFAULT = new Limits(Duration.ofSeconds(10), 64, Duration.ofSeconds(10), 20_000);
    }

    /**
     * A registry with these bounds.
     *
     * @param clock tells how old an answer is
     * @param random spreads the moments at which answers are asked anew
     */
    public StoreRegistry(Limits limits, Clock clock, RandomGenerator random) {
        this(limits, clock, random, Waits.REAL);
    }

    /** The same, and it waits so for stores that take their time. */
    public StoreRegistry(Limits limits, Clock clock, RandomGenerator random, Waits waits) {
        this.limits = limits;
        this.clock = clock;
        this.waits = waits;
        this.cache = new AnswerCache(clock, random, limits.kept());
        this.warnings = new Pace(clock, BETWEEN_WARNINGS);
        this.abandoned = new AbandonedLookups(clock, BETWEEN_WARNINGS);
    }

    /** A store has come. */
    public void bind(CredentialStore store, int ranking, long serviceId) {
        BoundedStore arrived = new BoundedStore(store, ranking, serviceId, limits, abandoned, waits);
        lock.lock();
        try {
            Map<String, NamedStore> more = new HashMap<>(known);
            more.put(
                    arrived.name(),
                    more.getOrDefault(arrived.name(), NamedStore.absent(arrived.name()))
                            .with(arrived));
            publish(more);
        } finally {
            lock.unlock();
        }
        cache.inherit(arrived.name());
    }

    /**
     * A store goes. Returns when its calls have ended, or interrupts them when the time is over; afterwards nothing here
     * refers to it. An unknown service does nothing.
     */
    public void unbind(long serviceId) {
        remove(serviceId).ifPresent(leaving -> {
            if (known.get(leaving.name()).isHere()) {
                // Another has taken its place already: no mail waits for what this one may be busy with.
                forgetAsked(question -> question.store().equals(leaving.name())).forEach(answered);
            }
            retire(leaving, limits.drain());
        });
    }

    /** The names of the stores that are here, in lower case, in the order in which they are asked. */
    public List<String> names() {
        return ranked.stream().filter(NamedStore::isHere).map(NamedStore::name).toList();
    }

    /** How many lookups went on in a store after they were given up and interrupted, since the start. */
    public long abandoned() {
        return abandoned.count();
    }

    /** The names of all stores that have been here, in lower case. */
    Set<String> everSeen() {
        return known.keySet();
    }

    /** What is kept, or what the stores say; or shares the answer that another caller is waiting for. */
    public StoreAnswer lookup(StoreQuery query) throws InterruptedException {
        return inOrder(query, (store, question) -> answer(store, question, query, SharedLookup::await));
    }

    /**
     * The same for somebody who does not wait.
     *
     * @throws NotAnswered if a store has to be asked and takes its time; {@link #onAnswered} then says when to come back, with
     *     what the exception says of the beginning
     */
    StoreAnswer lookupInPassing(StoreQuery query) throws NotAnswered, InterruptedException {
        Instant since = query.since().orElseGet(clock::instant);
        return inOrder(
                query,
                (store, question) -> answer(
                        store,
                        question,
                        query,
                        lookup -> lookup.awaitWithin(PATIENCE)
                                .orElseThrow(() -> new NotAnswered(
                                        question, since, clock.instant().plus(limits.deadline())))));
    }

    /** Tells whoever came in passing that a question has been answered, or that it is worth while to ask it again. */
    public void onAnswered(Consumer<StoreQuestion> listener) {
        answered = listener;
    }

    /** Whether a store is being asked this. */
    public boolean isAsking(StoreQuestion question) {
        return shared.containsKey(question);
    }

    /** Asks anew, whoever else is asking: for after a peer has refused this version. */
    public StoreAnswer lookupAnew(StoreQuery query, CredentialVersion refused) throws InterruptedException {
        return inOrder(query, (store, question) -> {
            StoreAnswer answer = share(
                            question,
                            stale -> start(
                                    SharedLookup.forCaller(waits),
                                    store,
                                    question,
                                    it -> it.lookupAnew(question.ref(), refused)))
                    .await();
            return orStandIn(answer, question, query);
        });
    }

    /** The version that a credential had before, if it was replaced not long ago. The receiver's own. */
    Optional<Credential> previous(StoreQuestion question) {
        return cache.previous(question);
    }

    /** A peer has taken the version that a credential had before. */
    void previousServes(StoreQuestion question) {
        cache.previousServes(question);
    }

    /** Whether a peer has taken the version before, since the present one took its place. */
    boolean doesPreviousServe(StoreQuestion question) {
        return cache.doesPreviousServe(question);
    }

    /**
     * Tells whoever keeps something that was made from credentials: the reference as identities name it, and the credential
     * that another one has taken the place of, which is wiped afterwards.
     */
    public void onReplaced(BiConsumer<String, Credential> listener) {
        replaced = listener;
    }

    /**
     * Asks a store to make the coming credential the current one.
     *
     * @return never null
     * @throws InterruptedException if the caller was told to stop
     */
    UpdateResult promote(StoreQuestion question, CredentialVersion next) throws InterruptedException {
        UpdateResult result = new UpdateResult.NotUpdated("the store is not here");
        for (BoundedStore service : known.getOrDefault(question.store(), NamedStore.absent(question.store()))
                .services()) {
            result = service.promote(question.ref(), next);
            if (!(result instanceof UpdateResult.NotUpdated)) {
                break;
            }
        }
        doubt(question::equals);
        return result;
    }

    /** A credential may have changed: the stores are asked before it is used again. */
    public void changed(CredentialRef ref) {
        doubt(question -> question.ref().key().equals(ref.key()));
    }

    /** Any credential of a store may have changed. */
    public void storeChanged(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        doubt(question -> question.store().equals(lower));
    }

    private void doubt(Predicate<StoreQuestion> which) {
        List<StoreQuestion> asked = forgetAsked(which);
        cache.doubt(which);
        asked.forEach(answered);
    }

    /** Whoever comes from now on asks once more. */
    private List<StoreQuestion> forgetAsked(Predicate<StoreQuestion> which) {
        List<StoreQuestion> asked = shared.keySet().stream().filter(which).toList();
        asked.forEach(question -> share(question, latest -> null));
        return asked;
    }

    /** Whether no store is being asked. */
    boolean isQuiet() {
        return shared.isEmpty();
    }

    /** Forgets all stores, interrupts what is out, and wipes what was kept. */
    @Override
    public void close() {
        ranked.stream()
                .flatMap(store -> store.services().stream())
                .forEach(service -> remove(service.serviceId()).ifPresent(leaving -> retire(leaving, Duration.ZERO)));
        cache.clear();
    }

    private void publish(Map<String, NamedStore> changed) {
        known = Map.copyOf(changed);
        ranked = changed.values().stream().sorted(NamedStore.HIGHEST_FIRST).toList();
    }

    private Optional<BoundedStore> remove(long serviceId) {
        lock.lock();
        try {
            Optional<BoundedStore> leaving = known.values().stream()
                    .flatMap(store -> store.services().stream())
                    .filter(service -> service.serviceId() == serviceId)
                    .findFirst();
            leaving.ifPresent(service -> {
                Map<String, NamedStore> fewer = new HashMap<>(known);
                fewer.computeIfPresent(service.name(), (name, store) -> store.without(serviceId));
                publish(fewer);
            });
            return leaving;
        } finally {
            lock.unlock();
        }
    }

    private static void retire(BoundedStore leaving, Duration drain) {
        if (!leaving.retire(drain)) {
            LOG.warn("credential store {} left while it was being asked: lookups were cut off", leaving.name());
        }
    }

    private interface Asking<X extends Exception> {
        StoreAnswer of(NamedStore store, StoreQuestion question) throws X, InterruptedException;
    }

    private interface Waiting<X extends Exception> {
        StoreAnswer on(SharedLookup lookup) throws X, InterruptedException;
    }

    private <X extends Exception> StoreAnswer inOrder(StoreQuery query, Asking<X> asking)
            throws X, InterruptedException {
        List<String> without = new ArrayList<>();
        List<String> failed = new ArrayList<>();
        for (NamedStore store : order(query)) {
            StoreQuestion question = new StoreQuestion(store.name(), query.ref().narrowedTo(store.attributes()));
            if (query.stores().isEmpty() && !store.isHere() && !cache.has(question)) {
                continue;
            }
            switch (asking.of(store, question)) {
                case StoreAnswer.Found found -> {
                    return found;
                }
                case StoreAnswer.Unusable bad -> {
                    return new StoreAnswer.Unusable(said(store, bad.reason()));
                }
                case StoreAnswer.Missing none -> without.add(said(store, none.reason()));
                case StoreAnswer.Unavailable down -> failed.add(said(store, down.reason()));
            }
        }
        return conclude(without, failed);
    }

    private List<NamedStore> order(StoreQuery query) {
        Map<String, NamedStore> now = known;
        return query.stores().isEmpty()
                ? ranked
                : query.stores().stream()
                        .map(name -> now.getOrDefault(name, NamedStore.absent(name)))
                        .toList();
    }

    private <X extends Exception> StoreAnswer answer(
            NamedStore store, StoreQuestion question, StoreQuery query, Waiting<X> waiting)
            throws X, InterruptedException {
        while (true) {
            AnswerCache.Reading reading = cache.read(question, query);
            reading.refresh().filter(due -> store.isHere()).ifPresent(due -> refresh(store, due));
            if (reading.answer().isPresent()) {
                return reading.answer().get();
            }
            if (!store.isHere()) {
                return orStandIn(new StoreAnswer.Unavailable(notHere()), question, query);
            }
            SharedLookup lookup = share(question, running -> joined(store, question, query, running));
            if (lookup != null) {
                return orStandIn(waiting.on(lookup), question, query);
            }
        }
    }

    private void refresh(NamedStore store, StoreQuestion due) {
        share(
                due,
                running -> running != null
                        ? running
                        : start(SharedLookup.inBackground(waits), store, due, it -> it.lookup(due.ref())));
    }

    /** Replaces what is being asked, or is not; nothing if nothing is from now on. */
    private SharedLookup share(StoreQuestion question, UnaryOperator<SharedLookup> change) {
        sharing.lock();
        try {
            SharedLookup next = change.apply(shared.get(question));
            if (next == null) {
                shared.remove(question);
            } else {
                shared.put(question, next);
            }
            return next;
        } finally {
            sharing.unlock();
        }
    }

    /** Nothing where somebody has been answered since the cache was looked at. */
    private SharedLookup joined(NamedStore store, StoreQuestion question, StoreQuery query, SharedLookup running) {
        if (running != null && running.join()) {
            return running;
        }
        return cache.lacks(question, query)
                ? start(SharedLookup.forCaller(waits), store, question, it -> it.lookup(question.ref()))
                : null;
    }

    private String notHere() {
        List<String> here = names();
        return "is not installed; " + (here.isEmpty() ? "no store is" : "these are: " + String.join(", ", here));
    }

    private StoreAnswer orStandIn(StoreAnswer answer, StoreQuestion question, StoreQuery query) {
        return answer instanceof StoreAnswer.Unavailable
                ? cache.standIn(question, query).orElse(answer)
                : answer;
    }

    private SharedLookup start(
            SharedLookup lookup, NamedStore store, StoreQuestion question, BoundedStore.Question asked) {
        Thread.ofVirtual().name("postern-lookup").start(() -> run(store, question, asked, lookup));
        return lookup;
    }

    private void run(NamedStore store, StoreQuestion question, BoundedStore.Question asked, SharedLookup lookup) {
        try {
            lookup.complete(noted(store, question, asked, lookup));
        } catch (Throwable fatal) {
            // Not swallowed: every caller gets it thrown.
            lookup.breakWith(fatal);
        } finally {
            answered.accept(question);
        }
    }

    /** The answer, which is known here, and no longer asked for, before anybody hears it. */
    private StoreAnswer noted(
            NamedStore store, StoreQuestion question, BoundedStore.Question asked, SharedLookup lookup)
            throws InterruptedException {
        // Where it is an error that is thrown, whoever did not wait for it is not to ask for it at once again.
        StoreAnswer answer = new StoreAnswer.Unavailable("failed with an error");
        try {
            answer = askWhoeverIsHere(store, question, asked);
            return answer;
        } finally {
            try {
                keep(question, answer, lookup);
            } finally {
                share(question, latest -> latest == lookup ? null : latest);
            }
            warn(store, answer);
        }
    }

    /** What was asked before somebody said that it has changed is not kept. */
    private void keep(StoreQuestion question, StoreAnswer answer, SharedLookup lookup) {
        AtomicReference<Credential> replaces = new AtomicReference<>();
        share(question, latest -> {
            if (latest == lookup) {
                cache.keep(question, answer).ifPresent(replaces::set);
            }
            return latest;
        });
        try (Credential old = replaces.get()) {
            if (old != null) {
                LOG.info("credential {} has another version than {}", question.reference(), old.version());
                replaced.accept(question.reference(), old);
            }
        }
    }

    /** Where the store was replaced meanwhile, the new one is asked in place of the one that left. */
    private StoreAnswer askWhoeverIsHere(NamedStore store, StoreQuestion question, BoundedStore.Question asked)
            throws InterruptedException {
        StoreAnswer answer = ask(store, question, asked);
        NamedStore now = known.getOrDefault(store.name(), store);
        boolean another = now.isHere() && !now.services().equals(store.services());
        return answer instanceof StoreAnswer.Unavailable && another ? ask(now, question, asked) : answer;
    }

    private static StoreAnswer ask(NamedStore store, StoreQuestion question, BoundedStore.Question asked)
            throws InterruptedException {
        StoreAnswer last = new StoreAnswer.Unavailable("is not installed");
        for (BoundedStore service : store.services()) {
            last = service.ask(question.ref(), asked);
            if (last instanceof StoreAnswer.Found || last instanceof StoreAnswer.Unusable) {
                return last;
            }
        }
        return last;
    }

    private void warn(NamedStore store, StoreAnswer answer) {
        if (answer instanceof StoreAnswer.Unavailable down && warnings.isDue(store.name())) {
            LOG.warn(
                    "credential store {} cannot answer: {}; what it said before is used as long as the scopes allow",
                    store.name(),
                    down.reason());
        }
    }

    private static StoreAnswer conclude(List<String> without, List<String> failed) {
        if (!failed.isEmpty()) {
            return new StoreAnswer.Unavailable(String.join("; ", failed));
        }
        return without.isEmpty()
                ? new StoreAnswer.Unavailable("no credential store is installed")
                : new StoreAnswer.Missing(String.join("; ", without));
    }

    private static String said(NamedStore store, String reason) {
        return "store " + store.name() + ": " + reason;
    }
}
