// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.library;

import java.util.Locale;
import org.postern.policy.lua.run.Arguments;
import org.postern.policy.lua.run.Coroutine;
import org.postern.policy.lua.run.JavaFunction;
import org.postern.policy.lua.run.LuaError;
import org.postern.policy.lua.run.LuaState;
import org.postern.policy.lua.run.Values;

/** {@code coroutine}. A coroutine ends with the call of the script that made it. */
public final class CoroutineLibrary {

    private CoroutineLibrary() {}

    /** Puts it into a state. */
    public static void open(LuaState state) {
        Module.named(state, "coroutine")
                .function("create", call -> Values.one(call.state().coroutine(call.function(1))))
                .function("resume", CoroutineLibrary::resume)
                .function("running", call -> Values.one(call.state().running()))
                .function("status", CoroutineLibrary::status)
                .function("wrap", CoroutineLibrary::wrap)
                .function("yield", CoroutineLibrary::yield);
    }

    private static Coroutine coroutine(Arguments call) {
        if (call.value(1) instanceof Coroutine coroutine) {
            return coroutine;
        }
        throw call.wrongType(1, "coroutine");
    }

    private static Object[] resume(Arguments call) {
        Coroutine coroutine = coroutine(call);
        try {
            return BaseLibrary.prepend(true, coroutine.resume(call.from(2)));
        } catch (LuaError raised) {
            return new Object[] {false, raised.value()};
        }
    }

    private static Object[] status(Arguments call) {
        return Values.one(coroutine(call).status().name().toLowerCase(Locale.ROOT));
    }

    private static Object[] wrap(Arguments call) {
        Coroutine coroutine = call.state().coroutine(call.function(1));
        return Values.one(new JavaFunction("wrap", next -> coroutine.resume(next.from(1))));
    }

    private static Object[] yield(Arguments call) {
        Coroutine running = call.state().running();
        if (running == null) {
            throw call.error("attempt to yield from outside a coroutine");
        }
        return running.yield(call.from(1));
    }
}
