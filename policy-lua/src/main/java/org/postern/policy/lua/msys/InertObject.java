// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.msys;

import org.postern.policy.lua.run.JavaFunction;
import org.postern.policy.lua.run.LuaState;
import org.postern.policy.lua.run.Userdata;
import org.postern.policy.lua.run.Values;

/** {@code ac} and {@code vctx}: objects of reception, which is over. Every method is there and answers nil. */
public final class InertObject extends Userdata {

    private static final JavaFunction NOTHING = new JavaFunction("nothing", call -> Values.one(null));

    private final String kind;

    /** @param kind what {@code tostring} calls it */
    public InertObject(String kind) {
        this.kind = kind;
    }

    @Override
    protected Object get(LuaState state, Object key) {
        return NOTHING;
    }

    @Override
    protected boolean set(LuaState state, Object key, Object value) {
        return true;
    }

    @Override
    protected String kind() {
        return kind;
    }
}
