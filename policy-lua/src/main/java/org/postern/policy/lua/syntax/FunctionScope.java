// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.syntax;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postern.policy.lua.syntax.FunctionBody.Capture;

/** The names that can be seen while a function is read. */
final class FunctionScope {

    private final Optional<FunctionScope> around;
    private final boolean varargs;
    private final List<Variable> visible = new ArrayList<>();
    private final Map<String, Integer> upvalueNumbers = new LinkedHashMap<>();
    private final List<Capture> upvalues = new ArrayList<>();
    private int slots;
    private boolean usesVarargs;
    int loops;

    FunctionScope(Optional<FunctionScope> around, boolean varargs) {
        this.around = around;
        this.varargs = varargs;
    }

    /** A variable that cannot be seen yet: the right side of {@code local x = x} means another one. */
    Variable reserve(String name, int pending) {
        Variable variable = new Variable(name, visible.size() + pending);
        slots = Math.max(slots, variable.slot() + 1);
        return variable;
    }

    void show(Variable variable) {
        visible.add(variable);
    }

    Variable declare(String name) {
        Variable variable = reserve(name, 0);
        show(variable);
        return variable;
    }

    int visible() {
        return visible.size();
    }

    void hideDownTo(int mark) {
        visible.subList(mark, visible.size()).clear();
    }

    Expression resolve(String name, int line) {
        Optional<Variable> local = local(name);
        if (local.isPresent()) {
            return new Expression.Local(local.get(), line);
        }
        return upvalue(name)
                .<Expression>map(index -> new Expression.Upvalue(index, name, line))
                .orElseGet(() -> new Expression.Global(name, line));
    }

    private Optional<Variable> local(String name) {
        for (int i = visible.size() - 1; i >= 0; i--) {
            if (visible.get(i).name().equals(name)) {
                return Optional.of(visible.get(i));
            }
        }
        return Optional.empty();
    }

    private Optional<Integer> upvalue(String name) {
        Integer known = upvalueNumbers.get(name);
        if (known != null) {
            return Optional.of(known);
        }
        return around.flatMap(outer -> outer.capture(name)).map(capture -> {
            upvalues.add(capture);
            upvalueNumbers.put(name, upvalues.size() - 1);
            return upvalues.size() - 1;
        });
    }

    private Optional<Capture> capture(String name) {
        Optional<Variable> local = local(name);
        if (local.isPresent()) {
            local.get().capture();
            return Optional.of(new Capture(true, local.get().slot()));
        }
        return upvalue(name).map(index -> new Capture(false, index));
    }

    boolean hasVarargs() {
        return varargs;
    }

    void useVarargs() {
        usesVarargs = true;
    }

    boolean leavesVarargsUnused() {
        return varargs && !usesVarargs;
    }

    List<Capture> upvalues() {
        return List.copyOf(upvalues);
    }

    int slots() {
        return slots;
    }
}
