// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.msys;

import java.time.Clock;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.postern.policy.lua.library.Module;
import org.postern.policy.lua.run.Arguments;
import org.postern.policy.lua.run.LuaState;
import org.postern.policy.lua.run.Values;

/** {@code msys.timer}. */
final class TimerLibrary {

    /** Seconds; more often would leave the processor to nothing else. */
    private static final double SHORTEST = 0.1;

    /** Seconds; about thirty years. */
    private static final double LONGEST = 1e9;

    private static final double NANOS = 1e9;
    private static final int OCTETS = 128;

    private TimerLibrary() {}

    /**
     * Puts it into a state.
     *
     * @param clock what times of day mean
     * @param nanos a clock that only goes forward, for intervals
     */
    static void open(LuaState state, Clock clock, LongSupplier nanos) {
        state.attach(Timers.class, new Timers(nanos));
        Module.named(state, "msys.timer")
                .function("every", TimerLibrary::every)
                .function("after", TimerLibrary::after)
                .function("at", call -> at(call, clock));
    }

    private static Object[] every(Arguments call) {
        double seconds = call.number(1);
        if (!(seconds >= SHORTEST && seconds <= LONGEST)) {
            throw call.bad(1, "from 0.1 to 1000000000 seconds expected");
        }
        long interval = nanos(seconds);
        return set(call, () -> interval, OptionalLong.of(interval));
    }

    private static Object[] after(Arguments call) {
        long delay = nanos(atMostLongest(call, call.number(1)));
        return set(call, () -> delay, OptionalLong.empty());
    }

    private static Object[] at(Arguments call, Clock clock) {
        double time = call.number(1);
        atMostLongest(call, time - seconds(clock));
        return set(call, () -> nanos(time - seconds(clock)), OptionalLong.empty());
    }

    private static double seconds(Clock clock) {
        return clock.millis() / 1_000.0;
    }

    private static double atMostLongest(Arguments call, double seconds) {
        if (!(seconds <= LONGEST)) {
            throw call.bad(1, "no more than 1000000000 seconds from now expected");
        }
        return seconds;
    }

    private static long nanos(double seconds) {
        return (long) (Math.max(0, seconds) * NANOS);
    }

    private static Object[] set(Arguments call, LongSupplier first, OptionalLong interval) {
        call.budget().allocate(OCTETS);
        TimerObject timer = new TimerObject(call.string(3, null), call.function(2), first, interval);
        Timers.of(call.state()).schedule(call.state(), timer);
        return Values.one(timer);
    }
}
