// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.library;

import org.postern.policy.lua.run.LuaState;

/** Functions for scripts. */
@FunctionalInterface
public interface Library {

    /** Puts them into a state that is being made. */
    void open(LuaState state);
}
