// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.syntax;

/** A chunk is no Lua. The message begins with chunk and line, as Lua's own do. */
public final class SyntaxError extends Exception {

    private static final long serialVersionUID = 1;

    private final int line;

    SyntaxError(String chunk, int line, String what) {
        super(chunk + ":" + line + ": " + what, null, false, false);
        this.line = line;
    }

    /** The line, counted from 1. */
    public int line() {
        return line;
    }
}
