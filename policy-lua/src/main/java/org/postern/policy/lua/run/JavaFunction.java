// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.run;

import java.util.Objects;

/** A function of a library, written in Java. */
public final class JavaFunction extends LuaFunction {

    private static final int OCTETS = 48;

    /** What it does. */
    @FunctionalInterface
    public interface Body {

        /**
         * Does it.
         *
         * @return the values, perhaps {@link Values#NONE}
         * @throws LuaError what the script may catch
         */
        Object[] call(Arguments arguments);
    }

    private final String name;
    private final Body body;

    /** A function; the name appears in messages. */
    public JavaFunction(String name, Body body) {
        this.name = Objects.requireNonNull(name, "name");
        this.body = Objects.requireNonNull(body, "body");
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    protected Object[] call(LuaState state, Object[] arguments) {
        state.budget().charge(1);
        return body.call(new Arguments(state, name, arguments));
    }

    @Override
    long measure(Walk walk) {
        return OCTETS;
    }
}
