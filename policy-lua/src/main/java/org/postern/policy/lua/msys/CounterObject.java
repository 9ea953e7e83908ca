// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.msys;

import java.util.concurrent.atomic.AtomicLong;
import org.postern.policy.lua.run.LuaState;
import org.postern.policy.lua.run.Userdata;

/** One counter, in the hands of a script. */
final class CounterObject extends Userdata {

    static final String KIND = "counter";

    private final AtomicLong value;

    CounterObject(AtomicLong value) {
        this.value = value;
    }

    AtomicLong value() {
        return value;
    }

    @Override
    protected Object get(LuaState state, Object key) {
        return null;
    }

    @Override
    protected String kind() {
        return KIND;
    }

    @Override
    protected String toText(LuaState state) {
        return KIND;
    }
}
