// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.script;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.postern.policy.lua.run.LuaState;

/**
 * Instances of a script that are not at work. They lie in places, and every thread begins to look at one of its own: a
 * thread that comes again finds the instance that it gave back itself, and what a call writes is then in the cache of its
 * processor. One pile for all would have threads swap instances, and fetch them and the top of the pile from each other's
 * caches, the more often the more of them there are.
 *
 * <p>Threading: safe for many threads, which touch nothing in common as long as each finds its own.
 */
final class IdleInstances {

    /** References that fill more than one line of a processor's cache, so that no two places share one. */
    private static final int APART = 32;

    private static final int PLACES_PER_PROCESSOR = 4;

    private final int places;
    private final AtomicReferenceArray<Idle> placed;
    private final int mostOthers;
    private final ConcurrentLinkedDeque<Idle> others = new ConcurrentLinkedDeque<>();
    private final AtomicInteger otherCount = new AtomicInteger();

    private record Idle(LuaState state, Instant since) {}

    /** @param most how many are kept, at least 0 */
    IdleInstances(int most) {
        places = Math.min(most, PLACES_PER_PROCESSOR * Runtime.getRuntime().availableProcessors());
        placed = new AtomicReferenceArray<>((places + 1) * APART);
        mostOthers = most - places;
    }

    private int index(long place) {
        return ((int) (place % places) + 1) * APART - 1;
    }

    /** One to work with; empty if there is none. */
    Optional<LuaState> take() {
        long own = Thread.currentThread().threadId();
        for (int step = 0; step < places; step++) {
            int at = index(own + step);
            Idle found = placed.get(at) == null ? null : placed.getAndSet(at, null);
            if (found != null) {
                return Optional.of(found.state());
            }
        }
        Idle found = others.pollFirst();
        if (found != null) {
            otherCount.decrementAndGet();
        }
        return Optional.ofNullable(found).map(Idle::state);
    }

    /**
     * Keeps one.
     *
     * @param now the time
     * @return whether there was room for it
     */
    boolean give(LuaState state, Instant now) {
        Idle idle = new Idle(state, now);
        long own = Thread.currentThread().threadId();
        for (int step = 0; step < places; step++) {
            int at = index(own + step);
            if (placed.get(at) == null && placed.compareAndSet(at, null, idle)) {
                return true;
            }
        }
        if (otherCount.get() >= mostOthers) {
            return false;
        }
        otherCount.incrementAndGet();
        others.addFirst(idle);
        return true;
    }

    /** Takes one that was given back before a time; empty if there is none. */
    Optional<LuaState> takeGivenBefore(Instant time) {
        for (int place = 0; place < places; place++) {
            int at = index(place);
            Idle found = placed.get(at);
            if (isOlder(found, time) && placed.compareAndSet(at, found, null)) {
                return Optional.of(found.state());
            }
        }
        // The one that was not needed for longest is at the end.
        Idle oldest = others.peekLast();
        if (isOlder(oldest, time) && others.removeLastOccurrence(oldest)) {
            otherCount.decrementAndGet();
            return Optional.of(oldest.state());
        }
        return Optional.empty();
    }

    private static boolean isOlder(Idle idle, Instant time) {
        return idle != null && idle.since().isBefore(time);
    }
}
