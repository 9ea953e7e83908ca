// SPDX-License-Identifier: Apache-2.0
package org.postern.core.queue;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Mail whose next attempt lies ahead. Three kinds wait here: delayed mail for its time, held mail for its time or for
 * {@link #releaseHeld()}, whichever comes first, and mail on hold for {@link #take}. All of it waits packed.
 *
 * <p>Threading: safe for many threads. {@link #releaseDue()} is to be called about once a second.
 */
public final class DelayedQueue {

    private final Clock clock;
    private final Consumer<QueuedMessage> ready;
    private final ReentrantLock lock = new ReentrantLock();
    private final PriorityQueue<Waiting> waiting = new PriorityQueue<>(Comparator.comparing(Waiting::due));
    private long released;

    /** @param ready takes what may be tried now; called without a lock held */
    public DelayedQueue(Clock clock, Consumer<QueuedMessage> ready) {
        this.clock = clock;
        this.ready = ready;
    }

    /** What mail waits for. */
    public enum For {
        /** Its time. */
        TIME,
        /** Something on this side. */
        US,
        /** An operator. */
        OPERATOR
    }

    /**
     * Mail that waits.
     *
     * @param message it
     * @param due until when at most; {@link Instant#MAX} for mail on hold
     * @param what for
     * @param reason in one line for people
     */
    public record Waiting(QueuedMessage message, Instant due, For what, String reason) {

        private boolean held() {
            return what == For.US;
        }

        private Waiting packed() {
            return new Waiting(message.packed(), due, what, reason);
        }
    }

    /** Waits for its time. */
    public void delay(QueuedMessage message, Instant due, String reason) {
        add(new Waiting(message, due, For.TIME, reason));
    }

    /**
     * Waits for something on this side, and is looked at again after a while in any case. If held mail was released since
     * the attempt began, what it waits for may be there already, and it is ready at once.
     *
     * @param releases what {@link #releases()} was before the attempt
     */
    public void hold(QueuedMessage message, Duration atMost, String reason, long releases) {
        if (!addUnlessReleased(new Waiting(message, clock.instant().plus(atMost), For.US, reason), releases)) {
            ready.accept(message);
        }
    }

    /** Waits until an operator takes it out. */
    public void keepOnHold(QueuedMessage message, String reason) {
        add(new Waiting(message, Instant.MAX, For.OPERATOR, reason));
    }

    /** Puts back what was taken. */
    public void putBack(Waiting entry) {
        add(entry);
    }

    /** All that waits, in no particular order. */
    public List<Waiting> all() {
        lock.lock();
        try {
            return List.copyOf(waiting);
        } finally {
            lock.unlock();
        }
    }

    /** Takes those of these that still wait here. They are told apart as objects. */
    public List<Waiting> take(Set<Waiting> wanted) {
        List<Waiting> taken = new ArrayList<>();
        lock.lock();
        try {
            waiting.removeIf(entry -> wanted.contains(entry) && taken.add(entry));
        } finally {
            lock.unlock();
        }
        return taken;
    }

    /** Counts up with every {@link #releaseHeld()}. */
    public long releases() {
        lock.lock();
        try {
            return released;
        } finally {
            lock.unlock();
        }
    }

    private boolean addUnlessReleased(Waiting entry, long releases) {
        Waiting packed = entry.packed();
        lock.lock();
        try {
            return releases == released && waiting.add(packed);
        } finally {
            lock.unlock();
        }
    }

    private void add(Waiting entry) {
        Waiting packed = entry.packed();
        lock.lock();
        try {
            waiting.add(packed);
        } finally {
            lock.unlock();
        }
    }

    /** Hands over everything whose time has come. */
    public void releaseDue() {
        Instant now = clock.instant();
        release(removeWhileDue(now));
    }

    private List<Waiting> removeWhileDue(Instant now) {
        List<Waiting> due = new ArrayList<>();
        lock.lock();
        try {
            while (!waiting.isEmpty() && !waiting.peek().due().isAfter(now)) {
                due.add(waiting.poll());
            }
        } finally {
            lock.unlock();
        }
        return due;
    }

    /** Something on this side changed: everything held may be tried. */
    public void releaseHeld() {
        List<Waiting> held = new ArrayList<>();
        lock.lock();
        try {
            released++;
            waiting.stream().filter(Waiting::held).forEach(held::add);
            if (!held.isEmpty()) {
                waiting.removeIf(Waiting::held);
            }
        } finally {
            lock.unlock();
        }
        release(held);
    }

    private void release(Collection<Waiting> entries) {
        entries.forEach(entry -> ready.accept(entry.message()));
    }

    /**
     * What waits under one key.
     *
     * @param delayed waiting for their time
     * @param held waiting for something on this side
     * @param onHold waiting for an operator
     * @param nextDue the earliest time
     * @param reason why the one with the earliest time waits
     */
    public record Summary(int delayed, int held, int onHold, Optional<Instant> nextDue, Optional<String> reason) {

        /** Nothing waits. */
        public static final Summary NONE = new Summary(0, 0, 0, Optional.empty(), Optional.empty());

        /** What waits here and there. */
        public Summary plus(Summary other) {
            boolean earlier = nextDue.isEmpty()
                    || other.nextDue.filter(due -> due.isBefore(nextDue.get())).isPresent();
            return new Summary(
                    delayed + other.delayed,
                    held + other.held,
                    onHold + other.onHold,
                    earlier ? other.nextDue : nextDue,
                    earlier ? other.reason : reason);
        }

        private Summary plus(Waiting entry) {
            if (entry.what() == For.OPERATOR) {
                return new Summary(delayed, held, onHold + 1, nextDue, reason);
            }
            boolean earlier = nextDue.isEmpty() || entry.due().isBefore(nextDue.get());
            return new Summary(
                    delayed + (entry.held() ? 0 : 1),
                    held + (entry.held() ? 1 : 0),
                    onHold,
                    earlier ? Optional.of(entry.due()) : nextDue,
                    earlier ? Optional.of(entry.reason()) : reason);
        }
    }

    /** What waits, by key. */
    public Map<QueueKey, Summary> summaries() {
        Map<QueueKey, Summary> byKey = new HashMap<>();
        lock.lock();
        try {
            for (Waiting entry : waiting) {
                byKey.merge(entry.message().key(), Summary.NONE.plus(entry), (sum, one) -> sum.plus(entry));
            }
        } finally {
            lock.unlock();
        }
        return byKey;
    }
}
