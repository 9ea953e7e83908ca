// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.msys;

import org.postern.policy.lua.run.JavaFunction;
import org.postern.policy.lua.run.LuaState;
import org.postern.policy.lua.run.Userdata;
import org.postern.policy.lua.run.Values;

/** A string that a function can write into: {@code msys.core.string_new()}. */
public final class StringObject extends Userdata {

    private static final JavaFunction LENGTH = new JavaFunction(
            "len",
            call -> Values.one(Values.number(
                    call.userdata(1, StringObject.class, "ec_string").text.length())));

    private String text = "";

    void text(String octets) {
        text = octets;
    }

    @Override
    protected Object get(LuaState state, Object key) {
        return "len".equals(key) ? LENGTH : null;
    }

    @Override
    protected String kind() {
        return "ec_string";
    }

    @Override
    protected String toText(LuaState state) {
        return text;
    }
}
