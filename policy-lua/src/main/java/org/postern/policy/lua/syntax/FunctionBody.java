// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.syntax;

import java.util.List;
import java.util.Optional;

/**
 * A function as it is written.
 *
 * @param name as a traceback shows it, such as {@code mod:init}; empty for a function without one
 * @param parameters in order, {@code self} among them
 * @param varargs whether it takes more
 * @param argumentTable the variable {@code arg}, which Lua 5.1 gives to a function with {@code ...} that does not use it
 * @param block what it does
 * @param upvalues where each variable of outer functions is found when the function is made
 * @param slots how many places its frame needs
 * @param line where it begins
 */
public record FunctionBody(
        String name,
        List<Variable> parameters,
        boolean varargs,
        Optional<Variable> argumentTable,
        List<Statement> block,
        List<Capture> upvalues,
        int slots,
        int line) {

    /**
     * Where the function around has a captured variable.
     *
     * @param ofParent whether it is a local of that function, and not captured by it in turn
     * @param index slot of the local, or number of the upvalue
     */
    public record Capture(boolean ofParent, int index) {}
}
