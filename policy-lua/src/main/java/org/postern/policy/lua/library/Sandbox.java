// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.library;

import java.time.Clock;
import org.postern.policy.lua.run.Limits;
import org.postern.policy.lua.run.LuaState;

/** A state with the language's own libraries: what a script can do that has been given nothing else. */
public final class Sandbox {

    private Sandbox() {}

    /**
     * A new state.
     *
     * @param limits of every call
     * @param clock what {@code os.time} reads
     * @param chunks where {@code require} finds scripts
     */
    public static LuaState open(Limits limits, Clock clock, Chunks chunks) {
        LuaState state = new LuaState(limits);
        BaseLibrary.open(state);
        PackageLibrary.open(state, chunks);
        StringLibrary.open(state);
        TableLibrary.open(state);
        MathLibrary.open(state);
        OsLibrary.open(state, clock);
        CoroutineLibrary.open(state);
        DebugLibrary.open(state);
        return state;
    }
}
