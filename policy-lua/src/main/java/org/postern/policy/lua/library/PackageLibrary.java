// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.library;

import java.util.Optional;
import java.util.regex.Pattern;
import org.postern.policy.lua.run.Arguments;
import org.postern.policy.lua.run.Closure;
import org.postern.policy.lua.run.LuaState;
import org.postern.policy.lua.run.LuaTable;
import org.postern.policy.lua.run.Prototype;
import org.postern.policy.lua.run.Values;
import org.postern.policy.lua.syntax.SyntaxError;

/**
 * {@code require} and {@code module}. What can be required is a library that is there, or a script from the folders of
 * scripts; the scripts' own {@code package} table decides nothing.
 */
public final class PackageLibrary {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}(?:[./][A-Za-z0-9_-]{1,64}){0,16}");
    private static final Object LOADING = Boolean.TRUE;

    private PackageLibrary() {}

    /** Puts it into a state. */
    public static void open(LuaState state, Chunks chunks) {
        Module.globals(state)
                .function("require", call -> require(call, chunks))
                .function("module", PackageLibrary::module);
        Module.named(state, "package").value("loaded", Module.loaded(state)).function("seeall", PackageLibrary::seeAll);
    }

    private static Object[] require(Arguments call, Chunks chunks) {
        String name = call.string(1);
        LuaTable loaded = Module.loaded(call.state());
        Object known = loaded.get(name);
        if (known != null) {
            return Values.one(known);
        }
        Closure chunk = Chunks.closure(call.state(), find(call, chunks, name));
        loaded.set(name, LOADING);
        Object result = Values.first(call.state().call(chunk, name));
        if (result != null) {
            loaded.set(name, result);
        }
        return Values.one(loaded.get(name));
    }

    private static Prototype find(Arguments call, Chunks chunks, String name) {
        try {
            Optional<Prototype> chunk = NAME.matcher(name).matches() ? chunks.find(name) : Optional.empty();
            return chunk.orElseThrow(() -> call.error("module '" + name + "' not found"));
        } catch (SyntaxError wrong) {
            throw call.error("error loading module '" + name + "': " + wrong.getMessage());
        }
    }

    // As Lua 5.1 has it: a table of this name becomes the environment of the function that calls.
    private static Object[] module(Arguments call) {
        String name = call.string(1);
        if (!NAME.matcher(name).matches()) {
            throw call.bad(1, "not a module name");
        }
        LuaTable table = Module.named(call.state(), name).table();
        table.set("_M", table);
        table.set("_NAME", name);
        table.set("_PACKAGE", name.substring(0, name.lastIndexOf('.') + 1));
        Closure caller = call.state().functionAt(1);
        if (caller == null) {
            throw call.error("'module' not called from a Lua function");
        }
        caller.environment(table);
        for (int i = 2; i <= call.count(); i++) {
            call.state().call(call.value(i), table);
        }
        return Values.NONE;
    }

    private static Object[] seeAll(Arguments call) {
        LuaTable table = call.table(1);
        if (table.metatable() == null) {
            table.metatable(call.state().table());
        }
        table.metatable().set("__index", call.state().globals());
        return Values.NONE;
    }
}
