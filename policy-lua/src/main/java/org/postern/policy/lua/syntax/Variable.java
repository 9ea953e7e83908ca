// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.syntax;

/** A local variable. Whether an inner function captures it is known only when its function was read whole. */
public final class Variable {

    private final String name;
    private final int slot;
    private boolean captured;

    Variable(String name, int slot) {
        this.name = name;
        this.slot = slot;
    }

    /** Its name. */
    public String name() {
        return name;
    }

    /** Its place in the frame; one that is out of scope gives its place to others. */
    public int slot() {
        return slot;
    }

    /** Whether it outlives its frame. */
    public boolean captured() {
        return captured;
    }

    void capture() {
        captured = true;
    }
}
