// SPDX-License-Identifier: Apache-2.0
package org.postern.core.queue;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntPredicate;

/**
 * Mail that waits for its turn, because there is no room for it under something that is shared. The oldest goes first, and
 * whoever arrives stands behind those who are there. Nobody comes back to look: room is announced by {@link #call}.
 *
 * <p>Threading: safe for many threads.
 */
@Singleton
public final class TurnQueue {

    private static final Comparator<Waiting> BY_AGE = Comparator.comparing(
                    (Waiting waiting) -> waiting.message().message().received())
            .thenComparing(Waiting::number);

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Object, Line> lines = new HashMap<>();
    private final Map<Object, Set<Object>> byOwner = new HashMap<>();
    private final Map<QueuedMessage, Object> called = new IdentityHashMap<>();
    private long arrivals;
    private Instant firstEnd = Instant.MAX;
    private volatile boolean empty = true;

    /** Nobody waits. */
    @Inject
    public TurnQueue() {}

    /** What belongs to somebody: where there is room for one line of his, there may be some for another. */
    public interface Owned {

        /** Whose it is. */
        Object owner();
    }

    private record Waiting(QueuedMessage message, long number, Instant room, Instant end, String reason) {}

    private static final class Line {
        private final TreeSet<Waiting> waiting = new TreeSet<>(BY_AGE);
        /** Those that are on their way, and have not been seen yet. */
        private final TreeSet<Waiting> called = new TreeSet<>(BY_AGE);

        private long recipientsCalled() {
            return called.stream()
                    .mapToLong(one -> one.message().recipients().size())
                    .sum();
        }

        private boolean hasOlderThan(Instant received) {
            return isOlder(waiting, received) || isOlder(called, received);
        }

        private static boolean isOlder(TreeSet<Waiting> some, Instant received) {
            return !some.isEmpty()
                    && some.first().message().message().received().isBefore(received);
        }

        private boolean isEmpty() {
            return waiting.isEmpty() && called.isEmpty();
        }
    }

    /**
     * Waits.
     *
     * @param under what is shared
     * @param room when there may be room, for those who look
     * @param end when it has waited for too long and has to be looked at in any case
     * @param reason why it waits, in a line
     */
    public void park(Object under, QueuedMessage message, Instant room, Instant end, String reason) {
        lock.lock();
        try {
            lines.computeIfAbsent(under, this::begin).waiting.add(new Waiting(message, arrivals++, room, end, reason));
            firstEnd = end.isBefore(firstEnd) ? end : firstEnd;
            empty = false;
        } finally {
            lock.unlock();
        }
    }

    private Line begin(Object under) {
        byOwner.computeIfAbsent(owner(under), owner -> new HashSet<>()).add(under);
        return new Line();
    }

    private static Object owner(Object under) {
        return under instanceof Owned owned ? owned.owner() : under;
    }

    private void endIfEmpty(Object under) {
        Line line = lines.get(under);
        if (line != null && line.isEmpty()) {
            lines.remove(under);
            byOwner.computeIfPresent(owner(under), (owner, all) -> all.remove(under) && all.isEmpty() ? null : all);
            empty = lines.isEmpty();
        }
    }

    /** Whether older mail than this waits under the same. It is not so for mail that was called. */
    public boolean isBehind(Object under, QueuedMessage message) {
        if (empty) {
            return false;
        }
        lock.lock();
        try {
            Line line = lines.get(under);
            return line != null
                    && !called.containsKey(message)
                    && line.hasOlderThan(message.message().received());
        } finally {
            lock.unlock();
        }
    }

    /**
     * There is room: whose turn it is, the oldest first. Those who were called before and have not {@linkplain #arrived
     * arrived} yet take up room, too.
     *
     * @param messages for how many messages
     * @param recipients for how many recipients all together
     * @param alone whether a message for so many recipients may go first, even if that is more
     */
    public List<QueuedMessage> call(Object under, long messages, long recipients, IntPredicate alone) {
        List<QueuedMessage> next = new ArrayList<>();
        lock.lock();
        try {
            Line line = lines.get(under);
            if (line == null) {
                return next;
            }
            long left = recipients - line.recipientsCalled();
            while (line.called.size() < messages && !line.waiting.isEmpty()) {
                Waiting oldest = line.waiting.first();
                int size = oldest.message().recipients().size();
                if (size > left && !(line.called.isEmpty() && alone.test(size))) {
                    break;
                }
                left -= size;
                line.waiting.remove(oldest);
                line.called.add(oldest);
                called.put(oldest.message(), under);
                next.add(oldest.message());
            }
        } finally {
            lock.unlock();
        }
        return next;
    }

    /** Somebody whom {@link #call} may have called was seen, or will not come. */
    public void arrived(QueuedMessage message) {
        if (empty) {
            return;
        }
        lock.lock();
        try {
            Object under = called.remove(message);
            if (under != null) {
                lines.get(under).called.removeIf(one -> one.message() == message);
                endIfEmpty(under);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Everything that has waited for too long. */
    public List<QueuedMessage> callOverdue(Instant now) {
        List<QueuedMessage> overdue = new ArrayList<>();
        lock.lock();
        try {
            if (!firstEnd.isAfter(now)) {
                firstEnd = Instant.MAX;
                lines.values().forEach(line -> line.waiting.removeIf(waiting -> isOverdue(waiting, now, overdue)));
                tidy();
            }
        } finally {
            lock.unlock();
        }
        return overdue;
    }

    private boolean isOverdue(Waiting waiting, Instant now, List<QueuedMessage> overdue) {
        if (waiting.end().isAfter(now)) {
            firstEnd = waiting.end().isBefore(firstEnd) ? waiting.end() : firstEnd;
            return false;
        }
        return overdue.add(waiting.message());
    }

    /** Everything, because what is shared may have changed. */
    public List<QueuedMessage> callAll() {
        List<QueuedMessage> all = new ArrayList<>();
        lock.lock();
        try {
            lines.values().forEach(line -> {
                line.waiting.forEach(waiting -> all.add(waiting.message()));
                line.waiting.clear();
            });
            tidy();
        } finally {
            lock.unlock();
        }
        return all;
    }

    /** Everything under this, the oldest first: what is shared is there for all of them, and none needs to arrive. */
    public List<QueuedMessage> callAll(Object under) {
        if (empty) {
            return List.of();
        }
        lock.lock();
        try {
            Line line = lines.get(under);
            if (line == null) {
                return List.of();
            }
            List<QueuedMessage> all =
                    line.waiting.stream().map(Waiting::message).toList();
            line.waiting.clear();
            endIfEmpty(under);
            return all;
        } finally {
            lock.unlock();
        }
    }

    /** All that waits and has not been called, in no particular order. */
    public List<DelayedQueue.Waiting> all() {
        List<DelayedQueue.Waiting> all = new ArrayList<>();
        lock.lock();
        try {
            lines.values()
                    .forEach(line -> line.waiting.forEach(one -> all.add(
                            new DelayedQueue.Waiting(one.message(), one.room(), DelayedQueue.For.US, one.reason()))));
        } finally {
            lock.unlock();
        }
        return all;
    }

    /** Takes those of these that still wait. They are told apart as objects where the set does so. */
    public List<QueuedMessage> take(Set<QueuedMessage> wanted) {
        List<QueuedMessage> taken = new ArrayList<>();
        lock.lock();
        try {
            lines.values()
                    .forEach(line ->
                            line.waiting.removeIf(one -> wanted.contains(one.message()) && taken.add(one.message())));
            tidy();
        } finally {
            lock.unlock();
        }
        return taken;
    }

    private void tidy() {
        List.copyOf(lines.keySet()).forEach(this::endIfEmpty);
    }

    /** Under what mail waits. */
    public Set<Object> lines() {
        if (empty) {
            return Set.of();
        }
        lock.lock();
        try {
            return Set.copyOf(lines.keySet());
        } finally {
            lock.unlock();
        }
    }

    /** Under what of his mail waits. */
    public Set<Object> lines(Object owner) {
        if (empty) {
            return Set.of();
        }
        lock.lock();
        try {
            return Set.copyOf(byOwner.getOrDefault(owner, Set.of()));
        } finally {
            lock.unlock();
        }
    }

    /** How many wait under this. */
    public int waiting(Object under) {
        lock.lock();
        try {
            return Optional.ofNullable(lines.get(under))
                    .map(line -> line.waiting.size())
                    .orElse(0);
        } finally {
            lock.unlock();
        }
    }

    /** What waits, by where it is queued. */
    public Map<QueueKey, DelayedQueue.Summary> summaries() {
        Map<QueueKey, DelayedQueue.Summary> byKey = new HashMap<>();
        lock.lock();
        try {
            lines.values()
                    .forEach(line -> line.waiting.forEach(waiting -> byKey.merge(
                            waiting.message().key(),
                            new DelayedQueue.Summary(
                                    0, 1, 0, Optional.of(waiting.room()), Optional.of(waiting.reason())),
                            DelayedQueue.Summary::plus)));
        } finally {
            lock.unlock();
        }
        return byKey;
    }
}
