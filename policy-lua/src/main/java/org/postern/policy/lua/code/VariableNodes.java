// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.code;

import org.postern.policy.lua.run.Cell;
import org.postern.policy.lua.run.Frame;
import org.postern.policy.lua.run.LuaTable;
import org.postern.policy.lua.run.Values;

/** What reads variables and constants. */
final class VariableNodes {

    private VariableNodes() {}

    static final class ConstantNode extends Node {

        private final Object constant;

        ConstantNode(Object constant) {
            this.constant = constant;
        }

        @Override
        Object value(Frame frame) {
            return constant;
        }

        @Override
        public String description() {
            return constant instanceof String ? "string constant" : "";
        }
    }

    static final class VarargsNode extends Node {

        @Override
        Object value(Frame frame) {
            return Values.first(frame.varargs());
        }

        @Override
        Object[] values(Frame frame) {
            // A copy, because whoever gets it may keep it as his own.
            return frame.varargs().clone();
        }

        @Override
        boolean isMultiple() {
            return true;
        }
    }

    static final class LocalNode extends Node {

        private final int slot;
        private final String name;

        LocalNode(int slot, String name) {
            this.slot = slot;
            this.name = name;
        }

        @Override
        Object value(Frame frame) {
            return frame.slots()[slot];
        }

        @Override
        public String description() {
            return "local '" + name + "'";
        }
    }

    /** A local variable that functions share. */
    static final class CellNode extends Node {

        private final int slot;
        private final String name;

        CellNode(int slot, String name) {
            this.slot = slot;
            this.name = name;
        }

        @Override
        Object value(Frame frame) {
            return ((Cell) frame.slots()[slot]).value;
        }

        @Override
        public String description() {
            return "local '" + name + "'";
        }
    }

    static final class UpvalueNode extends Node {

        private final int index;
        private final String name;

        UpvalueNode(int index, String name) {
            this.index = index;
            this.name = name;
        }

        @Override
        Object value(Frame frame) {
            return frame.function().upvalue(index).value;
        }

        @Override
        public String description() {
            return "upvalue '" + name + "'";
        }
    }

    static final class GlobalNode extends Node {

        private final String name;
        private final int line;

        GlobalNode(String name, int line) {
            this.name = name;
            this.line = line;
        }

        @Override
        Object value(Frame frame) {
            LuaTable environment = frame.function().environment();
            Object value = environment.get(name);
            if (value != null || environment.metatable() == null) {
                return value;
            }
            frame.line = line;
            return frame.state().metamethods().index(environment, name, NAMELESS);
        }

        @Override
        public String description() {
            return "global '" + name + "'";
        }
    }

    static final class IndexNode extends Node {

        private final Node object;
        private final Node key;
        private final int line;

        IndexNode(Node object, Node key, int line) {
            this.object = object;
            this.key = key;
            this.line = line;
        }

        @Override
        Object value(Frame frame) {
            Object indexed = object.value(frame);
            Object at = key.value(frame);
            if (indexed instanceof LuaTable table) {
                Object value = table.get(at);
                if (value != null || table.metatable() == null) {
                    return value;
                }
            }
            frame.line = line;
            return frame.state().metamethods().index(indexed, at, object);
        }

        @Override
        public String description() {
            return key instanceof ConstantNode constant && constant.constant instanceof String name
                    ? "field '" + name + "'"
                    : "";
        }
    }
}
