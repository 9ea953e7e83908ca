// SPDX-License-Identifier: Apache-2.0
package org.postern.fuzz;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.postern.policy.lua.code.Compiler;
import org.postern.policy.lua.library.Chunks;
import org.postern.policy.lua.library.Sandbox;
import org.postern.policy.lua.run.Killed;
import org.postern.policy.lua.run.Limits;
import org.postern.policy.lua.run.LuaError;
import org.postern.policy.lua.run.LuaState;
import org.postern.policy.lua.run.Prototype;
import org.postern.policy.lua.syntax.SyntaxError;

/**
 * A script with the language's own libraries, from its octets to its end. It is no Lua, or it ends, or it raises, or it is
 * ended within its limits; nothing of Java comes out of it.
 */
final class LuaBody implements Body {

    private static final Limits LIMITS = new Limits(20_000, 1 << 20, Duration.ofMinutes(1));
    private static final Clock CLOCK = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);

    @Override
    public void run(byte[] input) {
        try {
            run(Compiler.compile("script.lua", new String(input, StandardCharsets.ISO_8859_1)));
        } catch (SyntaxError noLua) {
            Body.check(!noLua.getMessage().isEmpty(), "no reason");
        }
    }

    private static void run(Prototype chunk) {
        LuaState state = Sandbox.open(LIMITS, CLOCK, Chunks.NONE);
        try {
            Object closure = Chunks.closure(state, chunk);
            state.enter(LIMITS.time(), () -> state.call(closure));
        } catch (LuaError raised) {
            Body.check(!raised.traceback().contains(".java:"), "a stack of Java is shown to a script");
        } catch (Killed ended) {
            Body.check(!ended.getMessage().isEmpty(), "ended without a reason");
        }
    }
}
