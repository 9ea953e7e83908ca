// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.code;

import java.util.List;
import org.postern.policy.lua.run.Cell;
import org.postern.policy.lua.run.Closure;
import org.postern.policy.lua.run.Frame;
import org.postern.policy.lua.run.LuaTable;
import org.postern.policy.lua.syntax.FunctionBody.Capture;

/** What makes tables and functions. */
final class ConstructorNodes {

    private ConstructorNodes() {}

    static final class TableNode extends Node {

        private final Node[] positional;
        private final Node[] keys;
        private final Node[] values;
        private final int line;

        TableNode(Node[] positional, Node[] keys, Node[] values, int line) {
            this.positional = positional;
            this.keys = keys;
            this.values = values;
            this.line = line;
        }

        @Override
        Object value(Frame frame) {
            frame.line = line;
            LuaTable table = frame.state().table();
            for (int i = 0; i < keys.length; i++) {
                Object key = keys[i].value(frame);
                frame.state().metamethods().checkKey(key);
                table.set(key, values[i].value(frame));
            }
            Object[] items = valuesOf(positional, frame);
            for (int i = 0; i < items.length; i++) {
                table.set(i + 1, items[i]);
            }
            return table;
        }
    }

    static final class FunctionNode extends Node {

        private final CompiledFunction function;
        private final Capture[] captures;

        FunctionNode(CompiledFunction function, List<Capture> captures) {
            this.function = function;
            this.captures = captures.toArray(Capture[]::new);
        }

        @Override
        Object value(Frame frame) {
            Cell[] upvalues = new Cell[captures.length];
            for (int i = 0; i < upvalues.length; i++) {
                int index = captures[i].index();
                upvalues[i] = captures[i].ofParent()
                        ? (Cell) frame.slots()[index]
                        : frame.function().upvalue(index);
            }
            return new Closure(
                    frame.state(), function, upvalues, frame.function().environment());
        }
    }
}
