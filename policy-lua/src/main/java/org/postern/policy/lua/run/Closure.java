// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.run;

import java.util.Arrays;

/** A function of a script, with the variables that it captured and its environment. */
public final class Closure extends LuaFunction {

    private static final int OCTETS = 48;

    private final Prototype prototype;
    private final Cell[] upvalues;
    private LuaTable environment;

    /** A closure, paid for. */
    public Closure(LuaState state, Prototype prototype, Cell[] upvalues, LuaTable environment) {
        state.budget().allocate(OCTETS + 8L * upvalues.length);
        this.prototype = prototype;
        this.upvalues = upvalues;
        this.environment = environment;
    }

    Prototype prototype() {
        return prototype;
    }

    /** A captured variable. */
    public Cell upvalue(int index) {
        return upvalues[index];
    }

    @Override
    public String name() {
        return prototype.name();
    }

    @Override
    public LuaTable environment() {
        return environment;
    }

    @Override
    public boolean environment(LuaTable table) {
        environment = table;
        return true;
    }

    @Override
    protected Object[] call(LuaState state, Object[] arguments) {
        Object[] slots = new Object[prototype.slots()];
        int named = Math.min(prototype.parameters(), arguments.length);
        System.arraycopy(arguments, 0, slots, 0, named);
        Object[] more = prototype.varargs() && arguments.length > named
                ? Arrays.copyOfRange(arguments, named, arguments.length)
                : Values.NONE;
        state.budget().charge(1 + (arguments.length >> 3));
        Frame caller = state.frame();
        Frame frame = new Frame(state, this, slots, more, caller);
        state.frame(frame);
        Object[] results = prototype.run(frame);
        // An error leaves the frame where it is: whoever catches it puts things right, and meanwhile it can be
        // described.
        state.frame(caller);
        return results;
    }

    @Override
    long measure(Walk walk) {
        walk.visit(environment);
        for (Cell upvalue : upvalues) {
            walk.visit(upvalue);
        }
        return OCTETS + 8L * upvalues.length;
    }
}
