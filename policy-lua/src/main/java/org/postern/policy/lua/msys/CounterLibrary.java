// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.msys;

import java.util.concurrent.atomic.AtomicLong;
import org.postern.policy.lua.library.Module;
import org.postern.policy.lua.run.Arguments;
import org.postern.policy.lua.run.LuaState;
import org.postern.policy.lua.run.Values;

/** {@code msys.counter}. */
public final class CounterLibrary {

    private static final int LONGEST_PATH = 255;
    private static final int OCTETS = 64;

    private CounterLibrary() {}

    /** Puts it into a state. */
    public static void open(LuaState state, Counters counters) {
        Module.named(state, "msys.counter")
                // Two ways of sharing a number between processors; one way does for both here.
                .value("STRICT", 0.0)
                .value("RELAXED", 1.0)
                .function("open", call -> opened(call, counters))
                .function("inc", call -> {
                    counter(call, counters).incrementAndGet();
                    return Values.NONE;
                })
                .function("add", call -> {
                    counter(call, counters).addAndGet(call.integer(2));
                    return Values.NONE;
                })
                .function("reset", call -> {
                    counter(call, counters).set(0);
                    return Values.NONE;
                })
                .function("read", call -> Values.one(Values.number(read(call, counters))))
                .function("unlink", call -> {
                    counters.unlink(path(call));
                    return Values.NONE;
                });
    }

    private static Object[] opened(Arguments call, Counters counters) {
        call.integer(2, 0);
        call.budget().allocate(OCTETS);
        return Values.one(new CounterObject(byPath(call, counters)));
    }

    private static AtomicLong counter(Arguments call, Counters counters) {
        return call.value(1) instanceof CounterObject counter ? counter.value() : byPath(call, counters);
    }

    private static long read(Arguments call, Counters counters) {
        return call.value(1) instanceof CounterObject counter ? counter.value().get() : counters.read(path(call));
    }

    private static AtomicLong byPath(Arguments call, Counters counters) {
        return counters.open(path(call)).orElseThrow(() -> call.error("there are too many counters"));
    }

    private static String path(Arguments call) {
        String path = call.string(1);
        if (!path.startsWith("/") || path.length() > LONGEST_PATH) {
            throw call.bad(1, "a path that begins with / and has at most " + LONGEST_PATH + " octets expected");
        }
        return path;
    }
}
