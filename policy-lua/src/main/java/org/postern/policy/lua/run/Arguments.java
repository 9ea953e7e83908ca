// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.run;

import java.util.Arrays;

/**
 * What a function of a library was called with. Positions count from 1; one that was not given reads as nil. An argument of
 * a wrong type is a {@link LuaError} in Lua's own words, as {@code bad argument #1 to 'rep' (string expected, got nil)}.
 */
public final class Arguments {

    private final LuaState state;
    private final String function;
    private final Object[] values;

    Arguments(LuaState state, String function, Object[] values) {
        this.state = state;
        this.function = function;
        this.values = values;
    }

    /** The state that the function was called in. */
    public LuaState state() {
        return state;
    }

    /** What the call may still use. */
    public Budget budget() {
        return state.budget();
    }

    /** How many were given. */
    public int count() {
        return values.length;
    }

    /** Any value; null is nil. */
    public Object value(int position) {
        return position <= values.length ? values[position - 1] : null;
    }

    /** A value that must have been given, though it may be nil. */
    public Object anyValue(int position) {
        if (position > values.length) {
            throw bad(position, "value expected");
        }
        return values[position - 1];
    }

    /** Whether there is something other than nil. */
    public boolean has(int position) {
        return value(position) != null;
    }

    /** All from a position on. */
    public Object[] from(int position) {
        return position > values.length ? Values.NONE : Arrays.copyOfRange(values, position - 1, values.length);
    }

    /** A string, or a number as a string; its chars are octets. */
    public String string(int position) {
        String string = Values.toText(value(position));
        if (string == null) {
            throw wrongType(position, "string");
        }
        return string;
    }

    /** A string that may be left out. */
    public String string(int position, String otherwise) {
        return has(position) ? string(position) : otherwise;
    }

    /** A string, read as UTF-8 into text of Java. */
    public String text(int position) {
        return Values.toJava(string(position));
    }

    /** A number, or a string that spells one. */
    public double number(int position) {
        Double number = Values.toNumber(value(position));
        if (number == null) {
            throw wrongType(position, "number");
        }
        return number;
    }

    /** A number that may be left out. */
    public double number(int position, double otherwise) {
        return has(position) ? number(position) : otherwise;
    }

    /** A number, cut to a whole one; what is out of range becomes the nearest, and what is none becomes 0. */
    public long integer(int position) {
        return (long) number(position);
    }

    /** A whole number that may be left out. */
    public long integer(int position, long otherwise) {
        return has(position) ? integer(position) : otherwise;
    }

    /** Whether the value counts as true. */
    public boolean truth(int position) {
        return Values.isTrue(value(position));
    }

    /** A table. */
    public LuaTable table(int position) {
        if (value(position) instanceof LuaTable table) {
            return table;
        }
        throw wrongType(position, "table");
    }

    /** A function. */
    public LuaFunction function(int position) {
        if (value(position) instanceof LuaFunction called) {
            return called;
        }
        throw wrongType(position, "function");
    }

    /** A userdata of one type. */
    public <T extends Userdata> T userdata(int position, Class<T> type, String name) {
        if (type.isInstance(value(position))) {
            return type.cast(value(position));
        }
        throw wrongType(position, name);
    }

    /** An error about an argument's type. */
    public LuaError wrongType(int position, String expected) {
        String got = position <= values.length ? Values.typeName(value(position)) : "no value";
        return bad(position, expected + " expected, got " + got);
    }

    /** An error about an argument. */
    public LuaError bad(int position, String what) {
        return state.error("bad argument #" + position + " to '" + function + "' (" + what + ")");
    }

    /** An error with the position of the call before it. */
    public LuaError error(String what) {
        return state.error(what);
    }
}
