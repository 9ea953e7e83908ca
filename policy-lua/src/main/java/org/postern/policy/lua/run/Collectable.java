// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.run;

/** What a measurement of memory walks through, and what {@code tostring} tells apart by a number. */
abstract sealed class Collectable permits LuaTable, LuaFunction, Userdata, Cell, Coroutine {

    /** The measurement that has seen this last. */
    int seen;

    private int serial;

    /** A number of its own within the state; no address of anything. */
    final int serial(LuaState state) {
        if (serial == 0) {
            serial = state.nextSerial();
        }
        return serial;
    }

    /** Octets of this alone, and {@code walk} for everything that it refers to. */
    abstract long measure(Walk walk);
}
