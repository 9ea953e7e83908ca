// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.outside;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.postern.policy.lua.library.Module;
import org.postern.policy.lua.run.Arguments;
import org.postern.policy.lua.run.LuaState;
import org.postern.policy.lua.run.Values;

/**
 * {@code msys.sleep}, {@code msys.lock}, {@code msys.unlock}, {@code msys.runInPool} and {@code msys.asyncOk}. A hook has a
 * thread of its own and may block, so that there is no other pool to go to: the function is called where it is.
 */
final class WaitingLibrary {

    /** The thread pools of Momentum, and what the completion function is told to run in. */
    private static final double CALLBACK_SCHED = 1;

    private final Locks locks;

    private WaitingLibrary(Locks locks) {
        this.locks = locks;
    }

    /** Puts it into a state. */
    static void open(LuaState state, Locks locks) {
        WaitingLibrary library = new WaitingLibrary(locks);
        Module.named(state, "msys")
                .function("sleep", WaitingLibrary::sleep)
                .function("asyncOk", call -> Values.one(true))
                .function("runInPool", WaitingLibrary::runInPool)
                .function("lock", library::lock)
                .function("unlock", call -> Values.one(locks.unlock(call.string(1), call.state())));
        Module.named(state, "msys.core")
                .value("ECTP_COMPLETE_CALLBACK_SCHED", CALLBACK_SCHED)
                .value("ECTP_COMPLETE_CALLBACK", CALLBACK_SCHED + 1);
        state.afterEachCall(() -> locks.unlockAll(state));
    }

    private static Object[] sleep(Arguments call) {
        double seconds = call.number(1);
        Duration left = call.budget().remaining();
        long wanted = seconds > 0 ? (long) Math.min(seconds * 1e9, left.toNanos()) : 0;
        waitFor(call, () -> new CountDownLatch(1).await(wanted, TimeUnit.NANOSECONDS));
        call.budget().checkAlive();
        return Values.NONE;
    }

    private Object[] lock(Arguments call) {
        String name = call.string(1);
        boolean got =
                waitFor(call, () -> locks.lock(name, call.state(), call.budget().remaining()));
        if (!got) {
            call.budget().checkAlive();
            throw call.error("the lock " + name + " is held by this script already");
        }
        return Values.one(true);
    }

    /** As {@code pcall}: true and what the function returned, or false and the error. */
    private static Object[] runInPool(Arguments call) {
        call.anyValue(1);
        Object[] results = call.state()
                .guarded(call.function(2), Values.NONE, raised -> new Object[] {WaitingLibrary.class, raised.value()});
        boolean failed = results.length == 2 && results[0] == WaitingLibrary.class;
        if (call.has(3) && Values.isTrue(call.value(3))) {
            if (!failed && call.value(3) instanceof org.postern.policy.lua.run.LuaFunction completion) {
                call.state().call(completion);
            }
            return Values.NONE;
        }
        if (failed) {
            return new Object[] {false, results[1]};
        }
        Object[] answer = new Object[results.length + 1];
        answer[0] = true;
        System.arraycopy(results, 0, answer, 1, results.length);
        return answer;
    }

    private interface Waiting<T> {
        T run() throws InterruptedException;
    }

    private static <T> T waitFor(Arguments call, Waiting<T> waiting) {
        try {
            return call.budget().waitFor(waiting::run);
        } catch (RuntimeException raised) {
            throw raised;
        } catch (Exception impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
