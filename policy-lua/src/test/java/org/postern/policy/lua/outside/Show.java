// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.outside;

import java.util.Optional;
import org.postern.policy.lua.Lua;
import org.postern.policy.lua.run.LuaState;
import org.postern.policy.lua.run.Values;

/** What a chunk returns, as {@code tostring} gives it, with blanks between. */
final class Show {

    private Show() {}

    static String in(LuaState state, String source) {
        return String.join(
                " ",
                Lua.run(state, source).stream()
                        .map(value ->
                                Optional.ofNullable(value).map(state::toText).orElse("nil"))
                        .map(Values::toJava)
                        .toList());
    }
}
