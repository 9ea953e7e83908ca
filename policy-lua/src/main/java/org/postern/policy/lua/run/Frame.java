// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.run;

/** One call of a script's function that is under way. */
public final class Frame {

    private static final int OCTETS = 64;
    private static final int SHOWN = 20;

    private final LuaState state;
    private final Closure function;
    private final Object[] slots;
    private final Object[] varargs;
    private final Frame caller;

    /** Where it is; set before whatever may fail. */
    public int line;

    Frame(LuaState state, Closure function, Object[] slots, Object[] varargs, Frame caller) {
        this.state = state;
        this.function = function;
        this.slots = slots;
        this.varargs = varargs;
        this.caller = caller;
        this.line = function.prototype().line();
    }

    /** The state that it runs in. */
    public LuaState state() {
        return state;
    }

    /** Its function. */
    public Closure function() {
        return function;
    }

    /** Its local variables: a value, or the {@link Cell} of one that is captured. */
    public Object[] slots() {
        return slots;
    }

    /** What was passed beyond its parameters. */
    public Object[] varargs() {
        return varargs;
    }

    Frame caller() {
        return caller;
    }

    /** Script and line, as messages begin. */
    String position() {
        return function.prototype().chunk() + ":" + line + ": ";
    }

    void measure(Walk walk) {
        walk.visit(function);
        walk.visitAll(slots);
        if (varargs.length > 0) {
            walk.visitAll(varargs);
        }
    }

    /** The calls from this one outwards, one per line. */
    static String traceback(Frame innermost) {
        StringBuilder text = new StringBuilder("stack traceback:");
        int count = 0;
        for (Frame frame = innermost; frame != null; frame = frame.caller) {
            if (count++ == SHOWN) {
                return text.append("\n\t...").toString();
            }
            text.append("\n\t").append(frame.position()).append(frame.describeFunction());
        }
        return text.toString();
    }

    private String describeFunction() {
        Prototype prototype = function.prototype();
        if (prototype.line() == 0) {
            return "in main chunk";
        }
        return prototype.name().isEmpty()
                ? "in function <" + prototype.chunk() + ":" + prototype.line() + ">"
                : "in function '" + prototype.name() + "'";
    }
}
