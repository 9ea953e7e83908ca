// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.code;

import org.postern.policy.lua.run.Cell;
import org.postern.policy.lua.run.Frame;
import org.postern.policy.lua.run.LuaTable;
import org.postern.policy.lua.run.Prototype;
import org.postern.policy.lua.run.Values;
import org.postern.policy.lua.syntax.FunctionBody;

/** A function that can be run. */
final class CompiledFunction implements Prototype {

    private static final int NO_SLOT = -1;

    private final FunctionBody body;
    private final String chunk;
    private final int parameters;
    private final int[] sharedParameters;
    private final int argumentTable;
    private final boolean argumentTableIsShared;
    private final Action[] actions;

    CompiledFunction(FunctionBody body, String chunk, Action[] actions) {
        this.body = body;
        this.chunk = chunk;
        this.parameters = body.parameters().size();
        this.sharedParameters = body.parameters().stream()
                .filter(parameter -> parameter.captured())
                .mapToInt(parameter -> parameter.slot())
                .toArray();
        this.argumentTable =
                body.argumentTable().map(variable -> variable.slot()).orElse(NO_SLOT);
        this.argumentTableIsShared =
                body.argumentTable().filter(variable -> variable.captured()).isPresent();
        this.actions = actions;
    }

    @Override
    public String name() {
        return body.name();
    }

    @Override
    public String chunk() {
        return chunk;
    }

    @Override
    public int line() {
        return body.line();
    }

    @Override
    public int slots() {
        return body.slots();
    }

    @Override
    public int parameters() {
        return parameters;
    }

    @Override
    public boolean varargs() {
        return body.varargs();
    }

    @Override
    public Object[] run(Frame frame) {
        Object[] slots = frame.slots();
        for (int slot : sharedParameters) {
            slots[slot] = new Cell(slots[slot]);
        }
        if (argumentTable != NO_SLOT) {
            LuaTable table = argumentTable(frame);
            slots[argumentTable] = argumentTableIsShared ? new Cell(table) : table;
        }
        Object[] results = Action.runAll(actions, frame);
        return results == null ? Values.NONE : results;
    }

    private static LuaTable argumentTable(Frame frame) {
        LuaTable table = frame.state().table();
        Object[] more = frame.varargs();
        for (int i = 0; i < more.length; i++) {
            table.set(i + 1, more[i]);
        }
        table.set("n", Values.number(more.length));
        return table;
    }
}
