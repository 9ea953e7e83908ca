// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.run;

/** A local variable that functions share. */
public final class Cell extends Collectable {

    private static final int OCTETS = 32;

    /** Its value; null is nil. */
    public Object value;

    /** A variable with a value. */
    public Cell(Object value) {
        this.value = value;
    }

    @Override
    long measure(Walk walk) {
        walk.visit(value);
        return OCTETS;
    }
}
