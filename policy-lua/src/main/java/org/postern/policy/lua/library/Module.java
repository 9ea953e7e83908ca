// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.library;

import org.postern.policy.lua.run.JavaFunction;
import org.postern.policy.lua.run.LuaState;
import org.postern.policy.lua.run.LuaTable;

/**
 * A library under construction: a table that scripts reach as a global variable of its name, dots and all, and by
 * {@code require}. A name that is taken already is added to, so that {@code msys} can come from several classes.
 */
public final class Module {

    /** Where {@code require} looks first, in the registry of the state. */
    static final String LOADED = "loaded";

    private final LuaState state;
    private final String name;
    private final LuaTable table;

    private Module(LuaState state, String name, LuaTable table) {
        this.state = state;
        this.name = name;
        this.table = table;
    }

    /** The module of this name, such as {@code msys.base64}. */
    public static Module named(LuaState state, String name) {
        LuaTable at = state.globals();
        for (String part : name.split("\\.")) {
            at = inner(state, at, part);
        }
        loaded(state).set(name, at);
        return new Module(state, name, at);
    }

    /** The functions that need no module's name. */
    static Module globals(LuaState state) {
        return new Module(state, "", state.globals());
    }

    /** A table that scripts reach in other ways than by name. */
    public static Module unnamed(LuaState state, String shownAs) {
        return new Module(state, shownAs, state.table());
    }

    private static LuaTable inner(LuaState state, LuaTable outer, String name) {
        if (outer.get(name) instanceof LuaTable there) {
            return there;
        }
        LuaTable fresh = state.table();
        outer.set(name, fresh);
        return fresh;
    }

    static LuaTable loaded(LuaState state) {
        return inner(state, state.registry(), LOADED);
    }

    /** Adds a function. */
    public Module function(String function, JavaFunction.Body body) {
        String shown = name.isEmpty() || name.indexOf('.') < 0 ? function : name + "." + function;
        table.set(function, new JavaFunction(shown, body));
        return this;
    }

    /** Adds the same function under another name. */
    public Module alias(String alias, String function) {
        table.set(alias, table.get(function));
        return this;
    }

    /** Adds a value. */
    public Module value(String key, Object value) {
        table.set(key, value);
        return this;
    }

    /** The state that it is in. */
    public LuaState state() {
        return state;
    }

    /** Its table. */
    public LuaTable table() {
        return table;
    }
}
