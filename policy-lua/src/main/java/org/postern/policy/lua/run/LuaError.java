// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.run;

/**
 * An error that a script may catch with {@code pcall}: any Lua value but {@code nil} as a rule a message that begins with
 * script and line. Java code of a library throws it by {@link Arguments#error} or {@link LuaState#error}, so that it gets
 * its position.
 */
public final class LuaError extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient Object value;
    private final transient Frame frame;

    /** @param frame where the script was, or null outside of one */
    LuaError(Object value, Frame frame) {
        // Java's trace would name the interpreter's classes, and costs more than the whole call.
        super(null, null, false, false);
        this.value = value;
        this.frame = frame;
    }

    /** What was raised. */
    public Object value() {
        return value;
    }

    Frame frame() {
        return frame;
    }

    /** The value in words; a table that says nothing about itself is only called one. */
    @Override
    public String getMessage() {
        return value instanceof String || value instanceof Double
                ? Values.toText(value)
                : "(error object is a " + Values.typeName(value) + " value)";
    }

    /** The functions that were running, innermost first. */
    public String traceback() {
        return Frame.traceback(frame);
    }
}
