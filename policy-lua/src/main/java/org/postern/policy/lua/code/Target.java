// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.code;

import org.postern.policy.lua.run.Cell;
import org.postern.policy.lua.run.Frame;
import org.postern.policy.lua.run.LuaTable;
import org.postern.policy.lua.syntax.Variable;

/** Where a value can be stored. */
abstract class Target {

    abstract void store(Frame frame, Object value);

    /** A variable that comes into being: if functions share it, in a cell of its own each time. */
    static Target declaring(Variable variable) {
        return variable.captured() ? new FreshCell(variable.slot()) : new Slot(variable.slot());
    }

    /** A variable that is there. */
    static Target assigning(Variable variable) {
        return variable.captured() ? new SharedCell(variable.slot()) : new Slot(variable.slot());
    }

    private static final class Slot extends Target {

        private final int slot;

        Slot(int slot) {
            this.slot = slot;
        }

        @Override
        void store(Frame frame, Object value) {
            frame.slots()[slot] = value;
        }
    }

    private static final class FreshCell extends Target {

        private final int slot;

        FreshCell(int slot) {
            this.slot = slot;
        }

        @Override
        void store(Frame frame, Object value) {
            frame.slots()[slot] = new Cell(value);
        }
    }

    private static final class SharedCell extends Target {

        private final int slot;

        SharedCell(int slot) {
            this.slot = slot;
        }

        @Override
        void store(Frame frame, Object value) {
            ((Cell) frame.slots()[slot]).value = value;
        }
    }

    static final class Upvalue extends Target {

        private final int index;

        Upvalue(int index) {
            this.index = index;
        }

        @Override
        void store(Frame frame, Object value) {
            frame.function().upvalue(index).value = value;
        }
    }

    static final class Global extends Target {

        private final String name;
        private final int line;

        Global(String name, int line) {
            this.name = name;
            this.line = line;
        }

        @Override
        void store(Frame frame, Object value) {
            frame.line = line;
            LuaTable environment = frame.function().environment();
            frame.state().metamethods().assign(environment, name, value, Node.NAMELESS);
        }
    }

    /** A place in a table; what is before the place is evaluated before the value is. */
    static final class Indexed extends Target {

        private final Node object;
        private final Node key;
        private final int line;

        Indexed(Node object, Node key, int line) {
            this.object = object;
            this.key = key;
            this.line = line;
        }

        Object object(Frame frame) {
            return object.value(frame);
        }

        Object key(Frame frame) {
            return key.value(frame);
        }

        void store(Frame frame, Object into, Object at, Object value) {
            frame.line = line;
            frame.state().metamethods().assign(into, at, value, object);
        }

        @Override
        void store(Frame frame, Object value) {
            store(frame, object(frame), key(frame), value);
        }
    }
}
