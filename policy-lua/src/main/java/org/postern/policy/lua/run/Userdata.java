// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.run;

/**
 * An object of Java that scripts may hold, and on which they see exactly what its class offers here: there is no way from
 * it to the object's other methods.
 */
public abstract non-sealed class Userdata extends Collectable {

    private static final int OCTETS = 64;

    /** The field or method of this name; null if there is none. */
    protected Object get(LuaState state, Object key) {
        return null;
    }

    /** Sets a field; returns whether there is one of this name that can be set. */
    protected boolean set(LuaState state, Object key, Object value) {
        return false;
    }

    /** A value that lives as long as this does, and counts as held with it; null if there is none. */
    protected Object held() {
        return null;
    }

    /** The word before the colon in what {@code tostring} gives. */
    protected String kind() {
        return "userdata";
    }

    /** What {@code tostring} gives. */
    protected String toText(LuaState state) {
        return kind() + ": " + state.address(this);
    }

    @Override
    long measure(Walk walk) {
        walk.visit(held());
        return OCTETS;
    }
}
