// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.run;

import java.util.concurrent.SynchronousQueue;

/**
 * A coroutine: a virtual thread that takes turns with the one that resumes it. Time, instructions and memory are those of
 * the call that it runs in, and it ends with that call at the latest.
 */
public final class Coroutine extends Collectable {

    private static final int OCTETS = 4_096;

    /** A thread, or a change of threads, takes as long as so many instructions. */
    private static final int PRICE = 100;

    /** What it is doing, in the words of {@code coroutine.status}. */
    public enum Status {
        SUSPENDED,
        RUNNING,
        /** It has resumed another one. */
        NORMAL,
        DEAD
    }

    private sealed interface Turn {
        /** Go on, or yield, with these values. */
        record Pass(Object[] values) implements Turn {}

        /** The function has returned these. */
        record Done(Object[] values) implements Turn {}

        /** The function raised something. */
        record Failed(Throwable failure) implements Turn {}
    }

    private final LuaState state;
    private final LuaFunction function;
    private final SynchronousQueue<Turn> inward = new SynchronousQueue<>();
    private final SynchronousQueue<Turn> outward = new SynchronousQueue<>();
    private Thread thread;
    private Status status = Status.SUSPENDED;
    private Frame frame;
    private int depth;
    private volatile boolean ended;

    Coroutine(LuaState state, LuaFunction function) {
        state.budget().allocate(OCTETS);
        state.budget().charge(PRICE);
        this.state = state;
        this.function = function;
    }

    /** What it is doing. */
    public Status status() {
        return status;
    }

    /**
     * Lets it run until it yields or ends.
     *
     * @return what it yielded or returned
     * @throws LuaError what it raised, or that it cannot be resumed
     */
    public Object[] resume(Object[] arguments) {
        if (status != Status.SUSPENDED) {
            throw state.raise("cannot resume " + (status == Status.DEAD ? "dead" : "non-suspended") + " coroutine");
        }
        // Each one takes part of the thread's nesting; what resumes itself over and over ends as recursion does.
        if (state.depth() >= Limits.DEPTH) {
            throw state.error("stack overflow");
        }
        state.budget().charge(PRICE);
        Coroutine outer = state.running();
        Frame outerFrame = state.frame();
        int outerDepth = state.depth();
        if (outer != null) {
            outer.status = Status.NORMAL;
            outer.frame = outerFrame;
        }
        state.entered(this);
        state.frame(frame);
        state.depth(outerDepth + 1 + depth);
        status = Status.RUNNING;
        try {
            return await(arguments, outerDepth);
        } finally {
            state.left();
            state.frame(outerFrame);
            state.depth(outerDepth);
            if (outer != null) {
                outer.status = Status.RUNNING;
            }
        }
    }

    private Object[] await(Object[] arguments, int outerDepth) {
        Turn turn;
        try {
            if (thread == null) {
                state.born(this);
                thread = Thread.ofVirtual().name("postern-lua-coroutine").start(() -> run(arguments));
            } else {
                inward.put(new Turn.Pass(arguments));
            }
            turn = outward.take();
        } catch (InterruptedException ended) {
            // The coroutine notices at its next instruction; it must have stopped before anybody touches the state.
            state.budget().kill("was interrupted");
            thread.interrupt();
            turn = takeUninterrupted();
        }
        return switch (turn) {
            case Turn.Pass yielded -> {
                status = Status.SUSPENDED;
                frame = state.frame();
                depth = Math.max(0, state.depth() - outerDepth - 1);
                yield yielded.values();
            }
            case Turn.Done done -> {
                die();
                yield done.values();
            }
            case Turn.Failed failed -> {
                die();
                throw failure(failed.failure());
            }
        };
    }

    private Turn takeUninterrupted() {
        while (true) {
            try {
                return outward.take();
            } catch (InterruptedException again) {
                // It was told to stop already.
            }
        }
    }

    private void die() {
        status = Status.DEAD;
        frame = null;
        state.died(this);
    }

    private static RuntimeException failure(Throwable failure) {
        return switch (failure) {
            case LuaError raised -> raised;
            case Killed killed -> killed;
            case StackOverflowError deep -> new Killed("was nested too deeply");
            case Error fatal -> throw fatal;
            case RuntimeException bug -> bug;
            default -> new IllegalStateException(failure);
        };
    }

    private void run(Object[] arguments) {
        Turn last;
        try {
            last = new Turn.Done(state.call(function, arguments));
        } catch (Throwable failure) {
            // All of it belongs to whoever resumed this, errors of the JVM too.
            last = new Turn.Failed(failure);
        }
        deliver(last);
    }

    private void deliver(Turn last) {
        while (!ended) {
            try {
                outward.put(last);
                return;
            } catch (InterruptedException again) {
                // Whoever waits has to get it nevertheless, unless it has given up.
            }
        }
    }

    /**
     * Hands values to whoever resumed this, and waits to be resumed. Called on the coroutine's own thread.
     *
     * @return what it is resumed with
     */
    public Object[] yield(Object[] values) {
        try {
            outward.put(new Turn.Pass(values));
            if (inward.take() instanceof Turn.Pass resumed) {
                return resumed.values();
            }
        } catch (InterruptedException ended) {
            // The same as being told.
        }
        throw new Killed("was over");
    }

    /** Ends it, wherever it is, and waits until it has. Called by the thread that owns the state. */
    void end() {
        if (thread == null) {
            return;
        }
        ended = true;
        thread.interrupt();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException hurried) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        status = Status.DEAD;
        frame = null;
    }

    @Override
    long measure(Walk walk) {
        walk.visit(function);
        walk.visitFrames(frame);
        return OCTETS;
    }
}
