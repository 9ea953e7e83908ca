// SPDX-License-Identifier: Apache-2.0
package org.postern.core.simulation;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import org.postern.core.queue.SteadyClock;
import org.postern.core.time.Waits;

/** The time of one process: its clock, its waits, its timer. */
public final class SimulatedTime extends Clock implements Waits {

    /** When worlds begin. */
    public static final Instant BEGINNING = Instant.parse("2026-01-01T00:00:00Z");

    private final World world;
    private final Process process;
    private final Clock steady;

    /** @param wall what people set */
    public SimulatedTime(World world, Process process, WallClock wall) {
        this.world = world;
        this.process = process;
        this.steady = new SteadyClock(wall::instant, world::now);
    }

    /** The clock that people set, and that therefore jumps. */
    public static final class WallClock {

        private final World world;
        private Duration offset = Duration.ZERO;

        /** It is right at first. */
        public WallClock(World world) {
            this.world = world;
        }

        /** Somebody sets it. */
        public void jump(Duration by) {
            world.note("clock", "jumps by " + by);
            offset = offset.plus(by);
        }

        Instant instant() {
            return BEGINNING.plusNanos(world.now()).plus(offset);
        }
    }

    @Override
    public Instant instant() {
        process.look();
        return steady.instant();
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("this clock is for instants");
    }

    @Override
    public long nanoTime() {
        return world.now();
    }

    @Override
    public long await(Lock lock, Condition condition, long nanos) throws InterruptedException {
        long end = world.now() + nanos;
        boolean[] back = new boolean[1];
        world.after(nanos, () -> {
            if (!back[0]) {
                process.start("wait", () -> wake(lock, condition));
            }
        });
        try {
            condition.await();
        } finally {
            back[0] = true;
        }
        return end - world.now();
    }

    // All of them: whoever waits on a condition has to look why it was woken.
    private static void wake(Lock lock, Condition condition) {
        lock.lock();
        try {
            condition.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public <T> T get(CompletableFuture<T> future, long nanos)
            throws InterruptedException, ExecutionException, TimeoutException {
        if (nanos <= 0 && !future.isDone()) {
            throw new TimeoutException();
        }
        CompletableFuture<T> bounded = future.copy();
        TimeoutException late = new TimeoutException();
        world.after(nanos, () -> bounded.completeExceptionally(late));
        try {
            return bounded.get();
        } catch (ExecutionException failed) {
            if (failed.getCause() == late) {
                throw late;
            }
            throw failed;
        }
    }

    @Override
    public Thread platformThread(String name, Runnable work) {
        return process.thread(name, work);
    }

    /** A timer that is as punctual as a busy machine: its work is done once in a while, not once a second. */
    public ScheduledExecutorService timer(Duration every) {
        return new Timer(every);
    }

    private final class Timer extends AbstractExecutorService implements ScheduledExecutorService {

        private final Duration every;
        private boolean shutDown;
        private boolean working;

        Timer(Duration every) {
            this.every = every;
        }

        @Override
        public ScheduledFuture<?> scheduleWithFixedDelay(Runnable work, long initial, long delay, TimeUnit unit) {
            world.after(every, () -> tick(work));
            return null;
        }

        private void tick(Runnable work) {
            if (!shutDown && process.isAlive()) {
                working = true;
                process.start("timer", () -> {
                    work.run();
                    working = false;
                    world.after(every, () -> tick(work));
                });
            }
        }

        @Override
        public void shutdown() {
            shutDown = true;
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
            long end = world.now() + unit.toNanos(timeout);
            while (working && world.now() < end) {
                world.sleep(Duration.ofMillis(100).toNanos());
            }
            return !working;
        }

        @Override
        public java.util.List<Runnable> shutdownNow() {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isShutdown() {
            return shutDown;
        }

        @Override
        public boolean isTerminated() {
            return shutDown && !working;
        }

        @Override
        public void execute(Runnable command) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ScheduledFuture<?> scheduleAtFixedRate(Runnable command, long initial, long period, TimeUnit unit) {
            throw new UnsupportedOperationException();
        }
    }
}
