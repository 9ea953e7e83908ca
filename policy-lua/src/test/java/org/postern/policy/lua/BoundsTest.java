// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.policy.lua.code.Compiler;
import org.postern.policy.lua.library.Chunks;
import org.postern.policy.lua.library.Sandbox;
import org.postern.policy.lua.run.Killed;
import org.postern.policy.lua.run.Limits;
import org.postern.policy.lua.run.LuaError;
import org.postern.policy.lua.run.LuaState;
import org.postern.policy.lua.syntax.SyntaxError;

/** What scripts cannot use up, whatever they do. */
@Timeout(120)
class BoundsTest {

    private static LuaState state(long instructions, long memory) {
        return Sandbox.open(new Limits(instructions, memory, Duration.ofSeconds(60)), Lua.CLOCK, Chunks.NONE);
    }

    private static List<Object> run(LuaState state, String source) {
        try {
            Object chunk = Chunks.closure(state, Compiler.compile("test", source));
            return List.of(state.enter(Duration.ofSeconds(60), () -> state.call(chunk)));
        } catch (SyntaxError wrong) {
            throw new IllegalArgumentException(wrong);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "while true do end",
                "repeat until false",
                "for i = 1, math.huge do end",
                "for i = 10, 1, 0 do end",
                "for _ in function() return 1 end do end",
                "local function f() return f() end f()",
                "while true do pcall(error) end",
                "while true do pcall(function() while true do end end) end",
                "local function f() pcall(f) return f() end f()",
                "coroutine.wrap(function() while true do end end)()",
                "while true do coroutine.wrap(function() end)() end",
                "local f = coroutine.wrap(function() while true do coroutine.yield() end end) while true do f() end",
                "local function nest() coroutine.wrap(nest)() end while true do pcall(nest) end",
                "xpcall(function() while true do end end, function() while true do end end)",
                "setmetatable(_G, {__index = function(t, k) while true do end end}) return x",
                "local t = setmetatable({}, {}) getmetatable(t).__index = function(t, k) return t[k .. 'x'] end"
                        + " while true do pcall(function() return t.x end) end",
                "string.find(('a'):rep(30000), ('.-'):rep(20) .. 'b')",
                "string.find(('a'):rep(100000), ('a*'):rep(50) .. 'b')",
                "string.match(('('):rep(200000), ('%b()'):rep(10))",
                "string.gsub(('x'):rep(100000), '', function() string.rep('y', 100000) end)",
                "while true do string.rep('x', 1000000) end",
                "while true do string.find(('a'):rep(1000000), 'b', 1, true) end",
                "while true do string.find(('a'):rep(100000), ('a'):rep(50000) .. 'b', 1, true) end",
                "while true do local s = ('%99.99f'):format(1e308) end",
                "while true do local t = {} for i = 1, 100 do t[i] = i end table.concat(t) end",
                "local t = {} for i = 1, 100000 do t[i] = i % 7 end while true do table.sort(t) end",
                "local t = {} for i = 1, 200000 do t[i] = 1 end while true do table.insert(t, 1, 1) table.remove(t, 1) end",
                "local t = {} t[1] = 1 while true do for k in pairs(t) do end end",
                "while true do loadstring('return 1') end",
                "while true do tostring({}) end",
                "while true do os.date('%c') end",
                "while true do local a, b = unpack({1, 2}) end",
                "while true do select('#', unpack({}, 1, 7000)) end",
                "local s = ('x'):rep(1000000) while true do local _ = s < s .. 'y' end",
            })
    void endsWhatGoesOnForEver(String source) {
        LuaState state = state(500_000, 64 << 20);
        assertThatThrownBy(() -> run(state, source))
                .isInstanceOf(Killed.class)
                .hasMessage("used more than 500000 instructions");
        assertThat(state.isOver()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "local s = 'x' while true do s = s .. s end",
                "local t = {} while true do t[#t + 1] = ('x'):rep(1000) .. #t end",
                "local t = {} for i = 1, 1e9 do t[i] = i end",
                "local t = {} for i = 1, 1e9 do t[-i] = true end",
                "local t = {} while true do t = {t} end",
                "local t = {} while true do t[#t + 1] = function() return t end end",
                "local t = {} while true do t[{}] = {} end",
                "x = {} while true do x[#x + 1] = {} end",
                "local t = {} while true do pcall(function() t[#t + 1] = {1, 2, 3} end) end",
                "local t = {} while true do t[#t + 1] = {string.byte(('x'):rep(5000), 1, -1)} end",
                "local t = {} coroutine.wrap(function() while true do t[#t + 1] = {} end end)()",
                "local t = {} table.sort({2, 1}, function() while true do t[#t + 1] = {} end end)",
                "local t = {} string.gsub('x', 'x', function() while true do t[#t + 1] = {} end end)",
                "local function f(...) return f(1, ...) end f()",
                "local t = {} for i = 1, 1e9 do t['k' .. i] = i end",
                "getmetatable('').x = {} local x = getmetatable('').x while true do x[#x + 1] = {} end",
            })
    void endsWhatHoldsTooMuch(String source) {
        LuaState state = state(1_000_000_000L, 4 << 20);
        assertThatThrownBy(() -> run(state, source))
                .isInstanceOfAny(Killed.class, LuaError.class)
                .satisfies(ended -> assertThat(ended.getMessage())
                        .containsAnyOf("memory", "values passed to a function", "values in a list"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "('x'):rep(1e9)",
                "('x'):rep(2^31)",
                "('x'):rep(2^53)",
                "('xxxxxxxx'):rep(2^29)",
                "local s = ('x'):rep(3e6) return s .. s",
                "local s = ('x'):rep(3e6) return s:gsub('x', 'xx')",
                "local s = ('x'):rep(3e6) return s:format() .. s:upper() .. s:reverse()",
                "return table.concat({('x'):rep(3e6), ('x'):rep(3e6)})",
                "return ('%s%s'):format(('x'):rep(3e6), ('x'):rep(3e6))",
                "return string.char(unpack({}, 1, 1e8))",
                "return select('#', ('x'):rep(3e6):byte(1, -1))",
            })
    void refusesStringsThatAreTooLarge(String source) {
        LuaState state = state(100_000_000, 4 << 20);
        assertThatThrownBy(() -> run(state, source)).isInstanceOfAny(LuaError.class, Killed.class);
    }

    @Test
    void countsWhatIsHeldAndNotWhatWasDropped() {
        LuaState state = state(1_000_000_000L, 4 << 20);
        assertThat(run(state, "for i = 1, 1000 do local s = ('x'):rep(100000) end return 'done'"))
                .containsExactly("done");
    }

    @Test
    void raisesAnErrorThatCanBeCaughtWhenCallsAreNestedTooDeeply() {
        LuaState state = state(10_000_000, 16 << 20);
        assertThat(run(state, "local function f() return 1 + f() end return pcall(f)"))
                .containsExactly(false, "test:1: stack overflow");
        assertThat(run(
                        state,
                        "local t = setmetatable({}, {}) getmetatable(t).__index = function(t, k) return t[k] end"
                                + " return (pcall(function() return t.x end))"))
                .containsExactly(false);
        assertThat(run(state, "return 'usable'")).containsExactly("usable");
    }

    @Test
    void nestsAsDeepAsItSaysOnAVirtualThreadToo() throws Exception {
        LuaState state = state(10_000_000, 16 << 20);
        List<Object> result = new java.util.concurrent.CopyOnWriteArrayList<>();
        String nested = "(".repeat(150) + "f(n - 1)" + ")".repeat(150);
        Thread thread = Thread.ofVirtual()
                .start(() -> result.addAll(run(
                        state,
                        "local function f(n) if n == 0 then return 0 end return 1 + " + nested
                                + " end return f(190)")));
        thread.join();
        assertThat(result).containsExactly(190.0);
    }

    @Test
    void boundsTheNumberOfCoroutinesAndLeavesNoneBehind() {
        LuaState state = state(100_000_000, 64 << 20);
        long before = threads();
        assertThatThrownBy(
                        () -> run(
                                state,
                                "local t = {} for i = 1, 1e6 do t[i] = coroutine.wrap(function() coroutine.yield() end) t[i]() end"))
                .isInstanceOf(LuaError.class)
                .hasMessage("test:1: more than 500 coroutines are alive");
        assertThat(run(state, "local c = coroutine.wrap(function() coroutine.yield(7) end) return c()"))
                .containsExactly(7.0);
        assertThat(threads()).isEqualTo(before);
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("postern-lua"))
                .count();
    }

    @Test
    void endsACoroutineThatIsInterruptedFromOutside() throws Exception {
        LuaState state = state(Long.MAX_VALUE, 16 << 20);
        Throwable[] ended = {null};
        Thread thread = Thread.ofVirtual().start(() -> {
            try {
                run(state, "coroutine.wrap(function() coroutine.wrap(function() while true do end end)() end)()");
            } catch (Killed killed) {
                ended[0] = killed;
            }
        });
        while (thread.getState() != Thread.State.WAITING && thread.isAlive()) {
            Thread.onSpinWait();
        }
        thread.interrupt();
        thread.join();
        assertThat(ended[0]).hasMessage("was interrupted");
    }

    @Test
    void endsAtItsDeadline() {
        LuaState state =
                Sandbox.open(new Limits(Long.MAX_VALUE, 16 << 20, Duration.ofMillis(50)), Lua.CLOCK, Chunks.NONE);
        assertThatThrownBy(() -> run(state, "while true do end"))
                .isInstanceOf(Killed.class)
                .hasMessage("ran out of time");
    }
}
