// SPDX-License-Identifier: Apache-2.0
package org.postern.core.queue;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

/**
 * Mail that can be tried now, by binding and routing domain. Each key has its own workers, so that a slow destination
 * holds up nobody else. A worker ends when its key has nothing left.
 *
 * <p>Threading: safe for many threads; the lock is never held while a message is delivered.
 */
public final class ActiveQueue {

    /** Ready messages per worker that justify another worker. */
    private static final int BACKLOG_PER_WORKER = 4;

    /** Workers that leave processors idle. Where there are more, to begin early gains nothing and costs a wait. */
    private static final int FEW = 2;

    /** Delivers one message after the other for one worker; each is settled, or waits elsewhere, when it returns. */
    @FunctionalInterface
    public interface Courier {
        /**
         * Does it. Whatever it throws ends the worker and is reported; the message is then still in the spool.
         *
         * @return what goes back to the head of its line, because it may not go yet; nothing if the next one was told
         */
        Optional<Rest> deliver(QueuedMessage message, InHand hand);
    }

    /** What the queue knows of the message that a worker has in hand. Used by that worker alone, for as long. */
    public interface InHand {

        /**
         * Whether the message is accepted; waits until that is known. One that is not is forgotten: nothing of it may have
         * been seen outside.
         */
        boolean isAccepted();

        /** The message that it is handed next for certain; the same if it is asked again. Nothing if nobody knows yet. */
        Optional<QueuedMessage> next();
    }

    /** Says whether the next message of a line may go. Asked with the lock held, so it must be quick. */
    @FunctionalInterface
    public interface Gate {
        /** Nothing if it may, and then it counts as gone; else when to ask again. */
        Optional<Instant> closedUntil(QueuedMessage next);
    }

    /**
     * What may not go yet.
     *
     * @param message as it is to wait
     * @param until when to try again; other workers of the line go on meanwhile
     */
    public record Rest(QueuedMessage message, Instant until) {}

    private final Supplier<Courier> couriers;
    private final Gate gate;
    private final ToIntFunction<QueueKey> maxWorkers;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition idle = lock.newCondition();
    private final Map<QueueKey, Line> lines = new HashMap<>();
    private int workers;
    private boolean stopped;

    private static final class Line {
        private final Deque<QueuedMessage> ready = new ArrayDeque<>();
        private final Set<QueuedMessage> underWay = Collections.newSetFromMap(new IdentityHashMap<>());
        private Begun begun;
        private int workers;
        private Instant restsUntil = Instant.MIN;

        /** What is not accepted is nobody's business. */
        private Stream<QueuedMessage> seenUnderWay() {
            return underWay.stream().filter(message -> begun == null || begun.isSeen(message));
        }

        private void forget(QueuedMessage done) {
            underWay.remove(done);
            if (begun != null && begun.message() == done) {
                begun = null;
            }
        }

        /** Workers that have come so far work on; no other comes before {@link #resume}. */
        private boolean rests() {
            return restsUntil != Instant.MIN;
        }

        private void rest(Instant until) {
            restsUntil = until.isAfter(restsUntil) ? until : restsUntil;
        }
    }

    /**
     * @param couriers one for each worker
     * @param gate holds lines back
     * @param maxWorkers how many may work for a key at once, at least 1; asked with the lock held, so it must be quick
     */
    public ActiveQueue(Supplier<Courier> couriers, Gate gate, ToIntFunction<QueueKey> maxWorkers) {
        this.couriers = couriers;
        this.gate = gate;
        this.maxWorkers = maxWorkers;
    }

    /**
     * Puts a message at the end of its line and starts a worker if one is needed. In a long line it waits packed. After
     * {@link #stop} it does nothing.
     */
    public void add(QueuedMessage message) {
        lock.lock();
        try {
            if (stopped) {
                return;
            }
            Line line = lines.computeIfAbsent(message.key(), key -> new Line());
            line.ready.add(isLong(line) ? message.packed() : message);
            if (needsWorker(message.key(), line)) {
                startWorker(message.key(), line);
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Has a worker begin with a message that is not accepted yet, if nothing else goes there and little goes elsewhere.
     *
     * @param message to be delivered unless the pledge is broken
     * @return whether it was begun; if not, it is to be {@linkplain #add added} once it is accepted
     */
    public boolean begin(QueuedMessage message, Pledge pledge) {
        lock.lock();
        try {
            if (stopped
                    || workers >= FEW
                    || lines.containsKey(message.key())
                    || gate.closedUntil(message).isPresent()) {
                return false;
            }
            Line line = new Line();
            lines.put(message.key(), line);
            line.underWay.add(message);
            line.begun = new Begun(message, pledge);
            startWorker(message.key(), line, line.begun);
            return true;
        } finally {
            lock.unlock();
        }
    }

    private record Begun(QueuedMessage message, Pledge pledge) {

        boolean isSeen(QueuedMessage any) {
            return any != message || pledge.isKeptByNow();
        }
    }

    /** Puts messages at the head of their lines, the first of them foremost. After {@link #stop} it does nothing. */
    public void addFirst(List<QueuedMessage> messages) {
        lock.lock();
        try {
            if (stopped) {
                return;
            }
            for (QueuedMessage message : messages.reversed()) {
                lines.computeIfAbsent(message.key(), key -> new Line()).ready.addFirst(message);
            }
            for (QueuedMessage message : messages) {
                Line line = lines.get(message.key());
                if (needsWorker(message.key(), line)) {
                    startWorker(message.key(), line);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Lines whose rest is over get workers again; to be called about once a second. */
    public void resume(Instant now) {
        lock.lock();
        try {
            lines.forEach((key, line) -> {
                if (line.rests() && !stopped && !now.isBefore(line.restsUntil)) {
                    line.restsUntil = Instant.MIN;
                    while (!line.ready.isEmpty() && needsWorker(key, line)) {
                        startWorker(key, line);
                    }
                }
            });
        } finally {
            lock.unlock();
        }
    }

    /** Takes away what is ready under a key. What is under way stays. */
    public List<QueuedMessage> takeAll(QueueKey key) {
        lock.lock();
        try {
            Line line = lines.get(key);
            if (line == null || stopped) {
                return List.of();
            }
            List<QueuedMessage> taken = List.copyOf(line.ready);
            line.ready.clear();
            if (line.workers == 0) {
                lines.remove(key);
            }
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** What is ready, line by line. */
    public List<QueuedMessage> ready() {
        lock.lock();
        try {
            return lines.values().stream().flatMap(line -> line.ready.stream()).toList();
        } finally {
            lock.unlock();
        }
    }

    /** What is being delivered. */
    public List<QueuedMessage> underWay() {
        lock.lock();
        try {
            return lines.values().stream().flatMap(Line::seenUnderWay).toList();
        } finally {
            lock.unlock();
        }
    }

    /** Takes those of these that are still ready. They are told apart as objects where the set does so. */
    public List<QueuedMessage> take(Set<QueuedMessage> wanted) {
        List<QueuedMessage> taken = new ArrayList<>();
        lock.lock();
        try {
            lines.values().removeIf(line -> {
                line.ready.removeIf(message -> wanted.contains(message) && taken.add(message));
                return line.workers == 0 && line.ready.isEmpty();
            });
        } finally {
            lock.unlock();
        }
        return taken;
    }

    private void startWorker(QueueKey key, Line line) {
        startWorker(key, line, null);
    }

    private void startWorker(QueueKey key, Line line, Begun begun) {
        line.workers++;
        workers++;
        Thread.ofVirtual().name("postern-delivery-" + key).start(new Worker(this, key, line, begun));
    }

    /** Whether who comes now waits for long enough to be worth packing. */
    private static boolean isLong(Line line) {
        return line.ready.size() >= Math.max(1, line.workers) * BACKLOG_PER_WORKER;
    }

    private boolean needsWorker(QueueKey key, Line line) {
        return !line.rests() && lacksWorker(key, line);
    }

    private boolean lacksWorker(QueueKey key, Line line) {
        return line.workers == 0
                || (line.ready.size() > line.workers * BACKLOG_PER_WORKER && line.workers < maxWorkers.applyAsInt(key));
    }

    /**
     * Lets go of the queue before it ends. A framework may remember a thread that is over, as Felix 7 does in its table of
     * class locks, and a replaced engine must not live on by that.
     */
    private static final class Worker implements Runnable {

        private final QueueKey key;
        private ActiveQueue queue;
        private Line line;
        private Begun begun;

        private Worker(ActiveQueue queue, QueueKey key, Line line, Begun begun) {
            this.queue = queue;
            this.key = key;
            this.line = line;
            this.begun = begun;
        }

        @Override
        public void run() {
            ActiveQueue working = queue;
            Line own = line;
            Begun first = begun;
            queue = null;
            line = null;
            begun = null;
            working.work(key, own, first);
        }
    }

    private void work(QueueKey key, Line line, Begun first) {
        Courier courier = couriers.get();
        Advance advance = new Advance(key, line, first);
        QueuedMessage next = first == null ? take(key, line, null, advance) : first.message();
        try {
            while (next != null) {
                Optional<Rest> rest = courier.deliver(next, advance);
                if (rest.isPresent()) {
                    advance.giveBack();
                    putBack(key, line, next, rest.get());
                    return;
                }
                next = take(key, line, next, advance);
            }
        } catch (RuntimeException | Error failure) {
            advance.giveBack();
            leave(key, line, next);
            throw failure;
        }
    }

    /** What a worker was told of before its time: the message in hand before it was accepted, and the one after it. */
    private final class Advance implements InHand {

        private final QueueKey key;
        private final Line line;
        private Begun begun;
        private Optional<QueuedMessage> told = Optional.empty();

        private Advance(QueueKey key, Line line, Begun begun) {
            this.key = key;
            this.line = line;
            this.begun = begun;
        }

        @Override
        public boolean isAccepted() {
            return begun == null || begun.pledge().isKept();
        }

        // What another worker is about to come for is left to it.
        @Override
        public Optional<QueuedMessage> next() {
            lock.lock();
            try {
                if (told.isEmpty() && !stopped && !lacksWorker(key, line)) {
                    told = Optional.ofNullable(passing(line));
                }
                return told;
            } finally {
                lock.unlock();
            }
        }

        private Optional<QueuedMessage> take() {
            Optional<QueuedMessage> taken = told;
            told = Optional.empty();
            begun = null;
            return taken;
        }

        private void giveBack() {
            lock.lock();
            try {
                take().ifPresent(message -> {
                    line.underWay.remove(message);
                    line.ready.addFirst(message);
                });
            } finally {
                lock.unlock();
            }
        }
    }

    private QueuedMessage take(QueueKey key, Line line, QueuedMessage done, Advance advance) {
        lock.lock();
        try {
            line.forget(done);
            QueuedMessage next = advance.take().orElseGet(() -> stopped ? null : passing(line));
            if (next == null) {
                leave(key, line, done);
            }
            return next;
        } finally {
            lock.unlock();
        }
    }

    private QueuedMessage passing(Line line) {
        QueuedMessage next = line.ready.peek();
        if (next != null) {
            Optional<Instant> closed = gate.closedUntil(next);
            if (closed.isPresent()) {
                line.rest(closed.get());
                return null;
            }
            line.ready.remove();
            line.underWay.add(next);
        }
        return next;
    }

    private void putBack(QueueKey key, Line line, QueuedMessage tried, Rest rest) {
        lock.lock();
        try {
            line.ready.addFirst(rest.message());
            line.rest(rest.until());
            leave(key, line, tried);
        } finally {
            lock.unlock();
        }
    }

    private void leave(QueueKey key, Line line, QueuedMessage done) {
        lock.lock();
        try {
            line.forget(done);
            line.workers--;
            workers--;
            if (line.workers == 0 && line.ready.isEmpty()) {
                lines.remove(key);
            }
            idle.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Messages that are ready or under way, by key. */
    public Map<QueueKey, Integer> sizes() {
        lock.lock();
        try {
            Map<QueueKey, Integer> sizes = new HashMap<>();
            lines.forEach((key, line) -> sizes.put(key, line.ready.size() + line.workers));
            return sizes;
        } finally {
            lock.unlock();
        }
    }

    /** Starts no further delivery. What is ready stays in the spool. */
    public void stop() {
        lock.lock();
        try {
            stopped = true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until no delivery is under way.
     *
     * @return whether that came about in time
     */
    public boolean awaitIdle(long timeout, TimeUnit unit) throws InterruptedException {
        long left = unit.toNanos(timeout);
        lock.lock();
        try {
            while (workers > 0 && left > 0) {
                left = idle.awaitNanos(left);
            }
            return workers == 0;
        } finally {
            lock.unlock();
        }
    }
}
