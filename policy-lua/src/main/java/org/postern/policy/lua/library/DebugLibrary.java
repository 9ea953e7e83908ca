// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.library;

import org.postern.policy.lua.run.Arguments;
import org.postern.policy.lua.run.LuaState;
import org.postern.policy.lua.run.Values;

/** {@code debug.traceback}, for {@code xpcall}; nothing else of {@code debug} keeps to the sandbox. */
public final class DebugLibrary {

    private DebugLibrary() {}

    /** Puts it into a state. */
    public static void open(LuaState state) {
        Module.named(state, "debug").function("traceback", DebugLibrary::traceback);
    }

    private static Object[] traceback(Arguments call) {
        Object message = call.value(1);
        if (message != null && Values.toText(message) == null) {
            return Values.one(message);
        }
        String traceback = call.state().traceback();
        return Values.one(call.state().string(message == null ? traceback : Values.toText(message) + "\n" + traceback));
    }
}
