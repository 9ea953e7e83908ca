// SPDX-License-Identifier: Apache-2.0
package org.postern.core.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * Time, chance and the order in which threads run. One real thread carries all others: whoever is ready runs next by
 * chance, and once nobody is, time goes on to the next event. Nothing in here is safe for more than one real thread.
 */
public final class World {

    /** How often a thread that looks at the world lets others go first: one time in so many. */
    private static final int YIELD_ONCE_IN = 4;

    private final SplittableRandom chance;
    private final SplittableRandom order;
    private final boolean traced;
    private final List<Step> ready = new ArrayList<>();
    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::number));
    private final List<String> trace = new ArrayList<>();
    private final List<Failure> failures = new ArrayList<>();
    private long now;
    private long numbers;
    private long hash = 17;
    private boolean over;

    private record Step(Process process, Runnable work) {}

    private record Event(long at, long number, Runnable action) {}

    /** What must not be. */
    public record Failure(long at, String what) {}

    /** @param traced whether what happens is kept in words, too */
    public World(long seed, boolean traced) {
        SplittableRandom root = new SplittableRandom(seed);
        this.chance = root.split();
        this.order = root.split();
        this.traced = traced;
        CURRENT.set(this);
    }

    /** For everything that is drawn, but for the order of threads. */
    public SplittableRandom chance() {
        return chance;
    }

    /** Nanoseconds since the beginning. */
    public long now() {
        return now;
    }

    /** Throwables that end a thread of some world are a failure of that world. */
    private static final InheritableThreadLocal<World> CURRENT = new InheritableThreadLocal<>();

    static {
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> {
            World world = CURRENT.get();
            if (world != null && thread.isVirtual()) {
                world.fail("the thread " + thread.getName() + " ended with " + thrown + " at "
                        + List.of(thrown.getStackTrace()).subList(0, Math.min(6, thrown.getStackTrace().length)));
            } else if (before != null) {
                before.uncaughtException(thread, thrown);
            } else {
                thrown.printStackTrace();
            }
        });
    }

    /** Runs until {@link #end()}, or until there is nothing left that could happen. */
    public void run() {
        while (!over) {
            if (!ready.isEmpty()) {
                runOne();
            } else if (!events.isEmpty()) {
                Event next = events.poll();
                now = Math.max(now, next.at());
                next.action().run();
            } else {
                return;
            }
        }
    }

    private void runOne() {
        int which = order.nextInt(ready.size());
        Step step = ready.get(which);
        Step last = ready.removeLast();
        if (which < ready.size()) {
            ready.set(which, last);
        }
        if (step.process().isAlive()) {
            step.work().run();
        }
    }

    /** The simulation is over after this step. */
    public void end() {
        over = true;
    }

    void enqueue(Process process, Runnable work) {
        ready.add(new Step(process, work));
    }

    /** Something that will happen, outside of every process. */
    public void after(long nanos, Runnable action) {
        events.add(new Event(now + Math.max(0, nanos), numbers++, action));
    }

    /** The same. */
    public void after(Duration time, Runnable action) {
        after(time.toNanos(), action);
    }

    /** The calling thread looks at the world: others may go first. */
    public void look() {
        if (Thread.currentThread().isVirtual() && order.nextInt(YIELD_ONCE_IN) == 0) {
            Thread.yield();
        }
    }

    /** The calling thread sleeps. */
    public void sleep(long nanos) throws InterruptedException {
        Thread sleeper = Thread.currentThread();
        boolean[] over = new boolean[1];
        after(nanos, () -> {
            over[0] = true;
            LockSupport.unpark(sleeper);
        });
        while (!over[0]) {
            LockSupport.park(this);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    /** Notes what happens. The text is asked for only where it is kept. */
    public void note(String who, String what) {
        hash = hash * 31 + now;
        hash = hash * 31 + who.hashCode();
        hash = hash * 31 + what.hashCode();
        if (traced) {
            trace.add(time(now) + " " + who + ": " + what);
        }
    }

    /** Notes what must not be. */
    public void fail(String what) {
        note("VIOLATION", what);
        failures.add(new Failure(now, what));
    }

    /** What must not have been. */
    public List<Failure> failures() {
        return List.copyOf(failures);
    }

    /** What happened, in words. */
    public List<String> trace() {
        return List.copyOf(trace);
    }

    /** A figure for everything that happened: equal for equal runs. */
    public long hash() {
        return hash;
    }

    static String time(long nanos) {
        long millis = nanos / 1_000_000;
        return "%d:%02d:%02d.%03d"
                .formatted(millis / 3_600_000, millis / 60_000 % 60, millis / 1_000 % 60, millis % 1_000);
    }
}
