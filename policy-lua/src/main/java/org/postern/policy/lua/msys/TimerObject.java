// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.msys;

import java.util.Map;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.postern.policy.lua.run.JavaFunction;
import org.postern.policy.lua.run.LuaFunction;
import org.postern.policy.lua.run.LuaState;
import org.postern.policy.lua.run.Userdata;
import org.postern.policy.lua.run.Values;

/** A timer as its script holds it. Whether it is held does not matter to it: it goes on until it is stopped. */
final class TimerObject extends Userdata {

    private static final String KIND = "timer";

    private static final JavaFunction NAME =
            new JavaFunction("name", call -> Values.one(call.userdata(1, TimerObject.class, KIND).name));

    private static final JavaFunction START = new JavaFunction("start", call -> {
        Timers.of(call.state()).schedule(call.state(), call.userdata(1, TimerObject.class, KIND));
        return Values.NONE;
    });

    private static final JavaFunction STOP = new JavaFunction("stop", call -> {
        Timers.of(call.state()).stop(call.state(), call.userdata(1, TimerObject.class, KIND));
        return Values.NONE;
    });

    private static final Map<String, JavaFunction> METHODS = Map.of("name", NAME, "start", START, "stop", STOP);

    private final String name;
    private final LuaFunction function;
    private final LongSupplier first;
    private final OptionalLong interval;
    private long due;

    /**
     * A timer that is not scheduled yet.
     *
     * @param name what its script calls it; null if nothing
     * @param function what is called
     * @param first nanoseconds from the moment at which it is asked until the first call
     * @param interval nanoseconds between calls; empty if there is but one
     */
    TimerObject(String name, LuaFunction function, LongSupplier first, OptionalLong interval) {
        this.name = name;
        this.function = function;
        this.first = first;
        this.interval = interval;
    }

    LuaFunction function() {
        return function;
    }

    long due() {
        return due;
    }

    void begin(long now) {
        due = now + first.getAsLong();
    }

    /** Looks forward to the next call; returns whether there is one. */
    boolean next(long now) {
        interval.ifPresent(nanos -> due = now + nanos);
        return interval.isPresent();
    }

    @Override
    protected Object get(LuaState state, Object key) {
        return METHODS.get(String.valueOf(key));
    }

    @Override
    protected Object held() {
        return function;
    }

    @Override
    protected String kind() {
        return KIND;
    }
}
