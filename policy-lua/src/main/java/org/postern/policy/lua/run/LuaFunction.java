// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.run;

/** What can be called. */
public abstract non-sealed class LuaFunction extends Collectable {

    /** As a traceback names it. */
    public abstract String name();

    /**
     * Calls it. Scripts come here through {@link LuaState#call}, which counts how deep they are.
     *
     * @return the values, perhaps none; or a {@link TailCall} as the only one
     */
    protected abstract Object[] call(LuaState state, Object[] arguments);

    /** The environment that {@code getfenv} shows; null for the state's globals. */
    public LuaTable environment() {
        return null;
    }

    /** Sets the environment; returns whether this kind of function has one. */
    public boolean environment(LuaTable table) {
        return false;
    }
}
