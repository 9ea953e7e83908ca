// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.postern.policy.lua.datasource.Consultations;
import org.postern.policy.lua.datasource.Datasources;
import org.postern.policy.lua.library.Chunks;
import org.postern.policy.lua.library.Sandbox;
import org.postern.policy.lua.msys.CounterLibrary;
import org.postern.policy.lua.msys.Counters;
import org.postern.policy.lua.msys.MessageLibrary;
import org.postern.policy.lua.msys.MessageObject;
import org.postern.policy.lua.msys.MsysLibrary;
import org.postern.policy.lua.outside.Libraries;
import org.postern.policy.lua.outside.ReadableFolders;
import org.postern.policy.lua.run.Killed;
import org.postern.policy.lua.run.Limits;
import org.postern.policy.lua.run.LuaError;
import org.postern.policy.lua.run.LuaFunction;
import org.postern.policy.lua.run.LuaState;
import org.postern.policy.lua.run.LuaTable;

/** Whatever a function is called with, it returns, or raises an error of Lua, or ends at a limit. */
@Timeout(120)
class WrongTypesTest {

    private static final Limits LIMITS = new Limits(1_000_000, 16 << 20, Duration.ofMillis(200));
    private static final Libraries OUTSIDE = new Libraries(new Datasources(), new Consultations());
    private static final int POSITIONS = 3;

    /** In Lua; each call gets a fresh one, because functions change tables. */
    private static final List<String> VALUES = List.of(
            "nil",
            "true",
            "false",
            "0/0",
            "1/0",
            "-1/0",
            "2^53",
            "-1",
            "''",
            "('x'):rep(1048576)",
            "{}",
            "(function() local t = {} t[1] = t t.t = t return setmetatable(t, t) end)()",
            "function() return function() end end",
            "coroutine.create(function() end)",
            "msg");

    /** It would ask the machine's name servers; DnsLibraryTest has one of its own. */
    private static final Set<String> BEYOND_THE_MACHINE = Set.of("msys.dnsLookup");

    @AfterAll
    static void close() {
        OUTSIDE.close();
    }

    private static LuaState open() {
        LuaState state = Sandbox.open(LIMITS, Lua.CLOCK, Chunks.NONE);
        MsysLibrary.open(state, new ConfigurationForTests().inForce(), Lua.CLOCK);
        MessageLibrary.open(state);
        CounterLibrary.open(state, new Counters());
        OUTSIDE.open(state, new ReadableFolders(List.of()));
        FakeMessage fake = new FakeMessage();
        state.globals().set("msg", MessageObject.open(state, fake, fake));
        return state;
    }

    private static Map<String, LuaFunction> functions(LuaState state) {
        Map<String, LuaFunction> found = new TreeMap<>();
        collect(state, state.globals(), "", found);
        collect(state, (LuaTable) state.registry().get("message"), "msg:", found);
        return found;
    }

    private static void collect(LuaState state, LuaTable table, String prefix, Map<String, LuaFunction> found) {
        for (Object[] entry = table.next(null); entry != null; entry = table.next(entry[0])) {
            String name = prefix + state.toText(entry[0]);
            if (entry[1] instanceof LuaFunction function) {
                found.put(name, function);
            } else if (entry[1] instanceof LuaTable inner && inner != table && !name.equals("package.loaded")) {
                collect(state, inner, name + ".", found);
            }
        }
    }

    static List<String> names() {
        return functions(open()).keySet().stream()
                .filter(name -> !BEYOND_THE_MACHINE.contains(name))
                .toList();
    }

    @Test
    void areTriedOnEverything() {
        assertThat(names())
                .contains(
                        "string.rep",
                        "msys.timer.every",
                        "msys.counter.add",
                        "msys.db.query",
                        "msg:header",
                        "json.encode");
    }

    @ParameterizedTest
    @MethodSource("names")
    void areReturnedFromOrRaised(String name) {
        for (String value : VALUES) {
            for (int position = 0; position < POSITIONS; position++) {
                call(name, value, position);
            }
        }
    }

    private static void call(String name, String value, int position) {
        LuaState state = open();
        List<Object> arguments = new ArrayList<>(List.of("1", "1", "1"));
        arguments.set(position, Lua.run(state, "return " + value).getFirst());
        if (name.startsWith("msg:")) {
            arguments.addFirst(state.globals().get("msg"));
        }
        LuaFunction function = functions(state).get(name);
        try {
            Object[] results = state.enter(LIMITS.time(), () -> state.call(function, arguments.toArray()));
            assertThat(results).as(name).isNotNull();
        } catch (LuaError raised) {
            assertThat(String.valueOf(raised.getMessage())).as(name).doesNotContain("java.", "Exception");
        } catch (Killed ended) {
            assertThat(ended.getMessage()).as(name).matches("ran out of time|used more than \\d+ .*");
        } catch (RuntimeException | StackOverflowError escaped) {
            fail(name + " with " + value + " at " + (position + 1) + " of " + Arrays.asList("1", "1", "1"), escaped);
        }
    }
}
