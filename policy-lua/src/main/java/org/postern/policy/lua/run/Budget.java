// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.run;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.LongSupplier;

/**
 * What one call of a script may still use: time, instructions, memory. Everything that runs inside a state pays here,
 * library functions too: {@link #charge} for work, one unit being about one operation of the language or a few dozen
 * octets looked at, and {@link #allocate} <em>before</em> memory is taken.
 *
 * <p>Instructions are counted exactly. Memory is what can be reached from the state: it is measured whenever as much was
 * allocated as was left at the last measurement, so that what a script drops does not count against it.
 *
 * <p>Threading: one thread at a time, the one that runs the state, which with coroutines changes; only {@link #kill} comes
 * from others.
 */
public final class Budget {

    /** How many instructions pass between two looks at the clock. */
    private static final int SLICE = 2_000;

    private final Limits limits;
    private LongSupplier reachable = () -> 0;
    private long used;
    private int slice;
    private long deadline;
    private long allowance;
    private volatile String killed;

    /** A budget of which nothing is used. */
    public Budget(Limits limits) {
        this.limits = limits;
        this.allowance = limits.memory();
        begin(limits.time());
    }

    void measureBy(LongSupplier octetsReachable) {
        reachable = octetsReachable;
    }

    /** The limits. */
    public Limits limits() {
        return limits;
    }

    /** Starts a call, which has its own time and instructions. */
    void begin(Duration time) {
        used = 0;
        slice = SLICE;
        deadline = System.nanoTime() + Math.min(time.toNanos(), limits.time().toNanos());
    }

    /** The time left, never negative. */
    public Duration remaining() {
        return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
    }

    /**
     * Pays for work.
     *
     * @throws Killed if nothing is left
     */
    public void charge(int units) {
        slice -= units;
        if (slice < 0) {
            nextSlice();
        }
    }

    /** Pays for looking at this many octets. */
    public void chargeOctets(long octets) {
        charge((int) Math.min(octets >> 5, Integer.MAX_VALUE >> 1) + 1);
    }

    private void nextSlice() {
        used += SLICE - (long) slice;
        slice = SLICE;
        checkAlive();
        if (used > limits.instructions()) {
            kill("used more than " + limits.instructions() + " instructions");
            checkAlive();
        }
        // A virtual thread gives up its processor only here; others, with mail to deliver, wait for it.
        Thread.yield();
    }

    /**
     * Looks whether the call was ended.
     *
     * @throws Killed if it was
     */
    public void checkAlive() {
        if (Thread.interrupted()) {
            kill("was interrupted");
        }
        if (System.nanoTime() - deadline > 0) {
            kill("ran out of time");
        }
        if (killed != null) {
            throw new Killed(killed);
        }
    }

    /** Ends the call at its next instruction. The first reason counts. */
    void kill(String why) {
        if (killed == null) {
            killed = why;
        }
    }

    /**
     * Waits for something outside the script: a database, a server, a clock. The thread is interrupted when the call ends
     * before.
     *
     * @throws Killed if the call was ended meanwhile
     * @throws Exception what the work throws
     */
    public <T> T waitFor(Callable<T> work) throws Exception {
        checkAlive();
        try {
            return work.call();
        } catch (InterruptedException ended) {
            kill("was interrupted");
            throw new Killed(killed);
        }
    }

    /**
     * Pays for memory that is about to be taken.
     *
     * @throws LuaError if this alone is more than the whole limit
     * @throws Killed if it does not fit beside what is reachable
     */
    public void allocate(long octets) {
        allowance -= octets;
        if (allowance < 0) {
            measure(octets);
        }
    }

    /**
     * Looks whether something of this size could be there at all.
     *
     * @throws LuaError if it alone is more than the whole limit
     */
    public void checkSize(long octets) {
        if (octets > limits.memory()) {
            throw new LuaError("not enough memory", null);
        }
    }

    private void measure(long wanted) {
        allowance += wanted;
        checkSize(wanted);
        long live = reachable.getAsLong();
        chargeOctets(live);
        if (live + wanted > limits.memory()) {
            kill("used more than " + limits.memory() + " octets of memory");
            checkAlive();
        }
        // Near the limit a measurement after every allocation would cost more than the script; so it may be passed a
        // little.
        allowance = Math.max(limits.memory() - live - wanted, limits.memory() >> 4);
    }

    /** Octets that count against the limit at the moment, an estimate from above. */
    long inUse() {
        return Math.max(0, limits.memory() - allowance);
    }
}
