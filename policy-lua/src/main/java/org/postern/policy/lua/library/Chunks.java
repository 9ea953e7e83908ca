// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.library;

import java.util.Optional;
import org.postern.policy.lua.code.Compiler;
import org.postern.policy.lua.run.Cell;
import org.postern.policy.lua.run.Closure;
import org.postern.policy.lua.run.LuaState;
import org.postern.policy.lua.run.Prototype;
import org.postern.policy.lua.syntax.SyntaxError;

/** Where {@code require} finds scripts that are no libraries. */
@FunctionalInterface
public interface Chunks {

    /** Nothing can be found. */
    Chunks NONE = name -> Optional.empty();

    /**
     * The chunk of this name.
     *
     * @param name words of letters, digits, {@code _} and {@code -} with dots between them
     * @return empty if there is none
     * @throws SyntaxError if there is one that is no Lua
     */
    Optional<Prototype> find(String name) throws SyntaxError;

    /** A function that runs a chunk with the state's globals. */
    static Closure closure(LuaState state, Prototype chunk) {
        return new Closure(state, chunk, new Cell[0], state.globals());
    }

    /** Compiles a text that came from a script itself, which pays for it. */
    static Closure compile(LuaState state, String name, String source) throws SyntaxError {
        state.budget().allocate(source.length() * 16L);
        state.budget().charge(source.length());
        return closure(state, Compiler.compile(name, source));
    }
}
