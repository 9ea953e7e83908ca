// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.text;

import org.postern.policy.lua.Lua;
import org.postern.policy.lua.run.LuaState;

/** Reads and writes JSON in a script; loaded again by a class loader that has only what the bundle has. */
public final class JsonProbe {

    private JsonProbe() {}

    public static String run() {
        LuaState state = Lua.state();
        JsonLibrary.open(state);
        return Lua.run(
                        state,
                        "for _, bad in ipairs({'{\"a\":', '[[[[[', 'nonsense', '\"\\255\"', '[1,,2]', '{\"a\" 1}'}) do "
                                + "assert(json.decode(bad) == nil) end "
                                + "return json.encode(json.decode('{\"a\":[1,0.5,true,\"x\",{},null]}'))")
                .getFirst()
                .toString();
    }
}
