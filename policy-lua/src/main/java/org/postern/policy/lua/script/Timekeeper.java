// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.script;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.postern.policy.lua.msys.Timers;
import org.postern.policy.lua.run.LuaFunction;
import org.postern.policy.lua.run.LuaState;

/**
 * Calls what a script's timers call, one after the other, in the one instance that keeps them. An instance that was ended
 * from outside is replaced by another one after a pause.
 *
 * <p>Threading: a thread of its own, the only one that enters the instance; {@link #close} comes from others.
 */
final class Timekeeper implements AutoCloseable {

    /** How long after the end of an instance the next one begins, so that one that fails at once does no harm. */
    private static final Duration PAUSE = Duration.ofSeconds(10);

    /** Where there is nothing to be done any more. */
    private static final Duration FOREVER = Duration.ofDays(365);

    private final Script script;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final ReentrantLock lock = new ReentrantLock();
    private final Thread thread;
    private LuaState state;
    private boolean calling;

    /** Begins. The instance is no one else's from now on. */
    Timekeeper(Script script, LuaState first) {
        this.script = script;
        this.state = first;
        this.thread = Thread.ofVirtual().name("postern-lua-timers").start(this::run);
    }

    private void run() {
        try {
            while (!closing.await(pause().toNanos(), TimeUnit.NANOSECONDS)) {
                if (state.isOver()) {
                    renew();
                } else {
                    timers().takeDue(state).ifPresent(this::call);
                }
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        } finally {
            if (!state.isOver()) {
                script.end(state);
            }
        }
    }

    private Timers timers() {
        return state.attached(Timers.class);
    }

    private Duration pause() {
        return state.isOver() ? PAUSE : timers().untilNext().orElse(FOREVER);
    }

    private void renew() {
        try {
            state = script.make();
        } catch (ScriptException logged) {
            // The next attempt is after another pause; the traceback is in the log.
        }
    }

    private void call(LuaFunction function) {
        if (!enter()) {
            return;
        }
        try {
            script.guarded(state, Script.START, () -> state.call(function));
        } catch (ScriptException logged) {
            // Its traceback is in the log, and the other timers go on.
        } finally {
            leave();
        }
    }

    private boolean enter() {
        lock.lock();
        try {
            calling = closing.getCount() > 0;
            return calling;
        } finally {
            lock.unlock();
        }
    }

    // An interrupt that came too late for the call must not end what follows it.
    private void leave() {
        lock.lock();
        try {
            calling = false;
            Thread.interrupted();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the call under way, then the instance. */
    @Override
    public void close() {
        lock.lock();
        try {
            closing.countDown();
            if (calling) {
                thread.interrupt();
            }
        } finally {
            lock.unlock();
        }
        try {
            thread.join(Script.START);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }
}
