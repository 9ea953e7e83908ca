// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.postern.spi.credential.Credential;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.CredentialStore;
import org.postern.spi.credential.Lookup;
import org.postern.spi.credential.LookupAttribute;

/**
 * Asks stores for credentials as a delivery would: one store after the other until one has it, and a store that cannot say
 * keeps no other from being asked. Each call has a deadline, so that a store that hangs costs no more than that.
 */
final class CredentialInquiry {

    /** As long as a delivery waits for a store. */
    static final Duration DEADLINE = Duration.ofSeconds(10);

    private static final int AT_ONCE = 64;

    private final List<CredentialStore> stores;
    private final Duration deadline;

    /** @param stores in the order in which they are asked */
    CredentialInquiry(List<CredentialStore> stores, Duration deadline) {
        this.stores = List.copyOf(stores);
        this.deadline = deadline;
    }

    /**
     * One question.
     *
     * @param stores the names of those that are asked; empty means all
     * @param ref what for, with what any of the stores wants to know
     */
    record Asked(List<String> stores, CredentialRef ref) {}

    /** The question that a place of the configuration leads to: the same for two places that no store tells apart. */
    Asked asked(List<String> names, CredentialRef ref) {
        Set<LookupAttribute> wanted = EnumSet.noneOf(LookupAttribute.class);
        stores.forEach(store -> wanted.addAll(attributesOf(store)));
        return new Asked(names, ref.narrowedTo(wanted));
    }

    private static Set<LookupAttribute> attributesOf(CredentialStore store) {
        try {
            return store.attributes();
        } catch (RuntimeException | LinkageError silent) {
            return Set.of();
        }
    }

    /** What becomes of each question, in their order. */
    Map<Asked, CredentialAnswer> ask(Collection<Asked> questions) throws InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(
                AT_ONCE, Thread.ofVirtual().name("postern-check-", 0).factory());
        try {
            Map<Asked, Future<CredentialAnswer>> asked = new LinkedHashMap<>();
            for (Asked question : questions) {
                asked.computeIfAbsent(question, same -> threads.submit(() -> ask(same)));
            }
            Map<Asked, CredentialAnswer> answers = new LinkedHashMap<>();
            for (Map.Entry<Asked, Future<CredentialAnswer>> entry : asked.entrySet()) {
                answers.put(entry.getKey(), answerOf(entry.getValue()));
            }
            return answers;
        } finally {
            threads.shutdownNow();
        }
    }

    private static CredentialAnswer answerOf(Future<CredentialAnswer> asked) throws InterruptedException {
        try {
            return asked.get();
        } catch (ExecutionException failure) {
            return failed(failure.getCause());
        }
    }

    private CredentialAnswer ask(Asked question) throws InterruptedException {
        List<String> without = new ArrayList<>();
        List<String> failed = new ArrayList<>();
        question.stores().stream()
                .filter(name -> stores.stream().noneMatch(store -> nameOf(store).equalsIgnoreCase(name)))
                .forEach(name -> failed.add("store " + oneLine(name) + ": is not installed"));
        for (CredentialStore store : inOrder(question.stores())) {
            String name = nameOf(store);
            switch (call(store, name, question.ref().narrowedTo(attributesOf(store)))) {
                case CredentialAnswer.Found found -> {
                    return found;
                }
                case CredentialAnswer.Missing none -> without.add("store " + name + ": " + none.reason());
                case CredentialAnswer.Unavailable down -> failed.add("store " + name + ": " + down.reason());
            }
        }
        if (!failed.isEmpty()) {
            return new CredentialAnswer.Unavailable(String.join("; ", failed));
        }
        return without.isEmpty()
                ? new CredentialAnswer.Unavailable("no credential store is there")
                : new CredentialAnswer.Missing(String.join("; ", without));
    }

    private List<CredentialStore> inOrder(List<String> names) {
        return names.isEmpty()
                ? stores
                : names.stream()
                        .flatMap(name ->
                                stores.stream().filter(store -> nameOf(store).equalsIgnoreCase(name)))
                        .toList();
    }

    private CredentialAnswer call(CredentialStore store, String name, CredentialRef ref) throws InterruptedException {
        FutureTask<CredentialAnswer> call = new FutureTask<>(() -> describe(name, store.lookup(ref)));
        Thread.ofVirtual().name("postern-check-" + name).start(call);
        try {
            return call.get(deadline.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            return new CredentialAnswer.Unavailable("gave no answer within " + deadline.toMillis() + " ms");
        } catch (ExecutionException failure) {
            return failed(failure.getCause());
        } finally {
            call.cancel(true);
        }
    }

    /** On the store's own thread, so that a secret is wiped even if its answer comes too late. */
    private static CredentialAnswer describe(String store, Lookup lookup) {
        return switch (lookup) {
            case null -> new CredentialAnswer.Unavailable("answered with nothing at all");
            case Lookup.Found found -> {
                try {
                    Credential credential = found.credential();
                    yield new CredentialAnswer.Found(
                            store,
                            oneLine(credential.user()),
                            oneLine(credential.version().value()),
                            credential.validity().expiry());
                } finally {
                    found.close();
                }
            }
            case Lookup.NoSuchCredential none -> new CredentialAnswer.Missing(oneLine(none.reason()));
            case Lookup.StoreUnavailable down -> new CredentialAnswer.Unavailable(oneLine(down.reason()));
        };
    }

    /** The kind alone: in the text a careless store may have put what it was handling. */
    private static CredentialAnswer failed(Throwable cause) {
        if (cause instanceof Error error && !(error instanceof LinkageError || error instanceof StackOverflowError)) {
            throw error;
        }
        return new CredentialAnswer.Unavailable(
                "failed with " + cause.getClass().getSimpleName());
    }

    private static String nameOf(CredentialStore store) {
        try {
            return oneLine(store.name());
        } catch (RuntimeException | LinkageError nameless) {
            return store.getClass().getSimpleName();
        }
    }

    /** Safe on a terminal. */
    static String oneLine(String text) {
        return text.replaceAll("[\\p{Cntrl}\\p{Cf}\\u0080-\\u009f\\u2028\\u2029]", "?");
    }
}
