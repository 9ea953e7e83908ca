// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import org.postern.policy.lua.code.Compiler;
import org.postern.policy.lua.library.Chunks;
import org.postern.policy.lua.library.Sandbox;
import org.postern.policy.lua.run.Limits;
import org.postern.policy.lua.run.LuaState;
import org.postern.policy.lua.run.Values;
import org.postern.policy.lua.syntax.SyntaxError;

/** Runs chunks for tests. */
public final class Lua {

    /** Room enough for whatever a test does on purpose. */
    public static final Limits LIMITS = new Limits(20_000_000, 16 << 20, Duration.ofSeconds(20));

    /** A Tuesday. */
    public static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-24T13:05:09Z"), ZoneOffset.UTC);

    private Lua() {}

    /** A state with the language's libraries. */
    public static LuaState state() {
        return Sandbox.open(LIMITS, CLOCK, Chunks.NONE);
    }

    /** What a chunk returns, in a state of its own. */
    public static List<Object> run(String source) {
        return run(state(), source);
    }

    /** What a chunk returns. */
    public static List<Object> run(LuaState state, String source) {
        try {
            Object chunk = Chunks.closure(state, Compiler.compile("test", source));
            return Arrays.asList(state.enter(LIMITS.time(), () -> state.call(chunk)));
        } catch (SyntaxError wrong) {
            throw new IllegalArgumentException(wrong);
        }
    }

    /** What a chunk returns, as {@code tostring} gives it, with blanks between. */
    public static String show(String source) {
        LuaState state = state();
        return String.join(" ", run(state, source).stream().map(state::toText).toList());
    }

    /** The message of the error that a chunk raises. */
    public static String error(String source) {
        Object raised = run("local ok, e = pcall(function() " + source + " end) return e")
                .getFirst();
        return Values.toText(raised);
    }
}
