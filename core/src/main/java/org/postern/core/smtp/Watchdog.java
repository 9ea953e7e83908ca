// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import java.io.Closeable;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * One thread that cuts connections whose time is over. A timeout of each read would let a peer dribble, and there is none
 * for writes.
 *
 * <p>It looks at a deadline when that is due, or else after as long as that has existed: of ten thousand sessions that wait
 * for minutes, few are ever in its way, what ended is remembered for no longer than it lived, and arming costs no lock.
 */
final class Watchdog implements Deadlines {

    /** How long a new deadline is left alone, and how long the thread sleeps at most: a new one need not wake it. */
    private static final long ROUND = TimeUnit.SECONDS.toNanos(5);

    /** How long any is left alone at most. */
    private static final long LONGEST = TimeUnit.MINUTES.toNanos(1);

    /** Those that are not due in this time are looked at together: to be woken costs more than to look. */
    private static final long TOGETHER = TimeUnit.SECONDS.toNanos(1);

    private final LongSupplier nanoTime;
    private final Set<WatchedDeadline> open = ConcurrentHashMap.newKeySet();
    /** New ones, and those that are due before the next look at them. */
    private final Queue<WatchedDeadline> hurried = new ConcurrentLinkedQueue<>();
    /** Used by the thread alone. */
    private final PriorityQueue<Look> looks = new PriorityQueue<>((one, other) -> Long.signum(one.at - other.at));

    private volatile Thread thread;
    private volatile boolean closed;

    private record Look(long at, WatchedDeadline deadline) {}

    /** Nobody looks unless told to. */
    Watchdog(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** With its thread. */
    static Watchdog start() {
        Watchdog watchdog = new Watchdog(System::nanoTime);
        watchdog.thread =
                Thread.ofPlatform().daemon().name("postern-smtp-deadlines").start(watchdog::run);
        return watchdog;
    }

    @Override
    public Deadline over(Closeable connection) {
        WatchedDeadline deadline = new WatchedDeadline(this, connection, now(), ROUND);
        open.add(deadline);
        hurried.add(deadline);
        // Whoever comes after the last bell is cut at once.
        if (closed) {
            deadline.cut();
        }
        return deadline;
    }

    long now() {
        return nanoTime.getAsLong();
    }

    /** It is due before it would be looked at. */
    void hurry(WatchedDeadline deadline) {
        hurried.add(deadline);
        LockSupport.unpark(thread);
    }

    void forget(WatchedDeadline deadline) {
        open.remove(deadline);
    }

    private void run() {
        while (!closed) {
            LockSupport.parkNanos(this, look());
        }
    }

    /**
     * Cuts what is due.
     *
     * @return for how many nanoseconds nothing else is, unless somebody hurries
     */
    long look() {
        long now = now();
        for (WatchedDeadline next = hurried.poll(); next != null; next = hurried.poll()) {
            plan(next, now);
        }
        while (!looks.isEmpty() && looks.peek().at - now <= 0) {
            Look due = looks.poll();
            // Another look was planned for one that hurried.
            if (due.at == due.deadline.look() && open.contains(due.deadline)) {
                due.deadline.check(now);
                plan(due.deadline, now);
            }
        }
        return looks.isEmpty() ? ROUND : Math.min(ROUND, looks.peek().at - now);
    }

    private void plan(WatchedDeadline deadline, long now) {
        long latest = now + Math.clamp(deadline.age(now), ROUND, LONGEST);
        looks.add(new Look(deadline.nextLook(now, latest - Math.floorMod(latest, TOGETHER)), deadline));
    }

    /** Ends the thread and cuts whatever is still watched. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        open.forEach(WatchedDeadline::cut);
        open.clear();
    }
}
