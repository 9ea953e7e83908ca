// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.msys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.policy.lua.ConfigurationOfScopes;
import org.postern.policy.lua.Lua;
import org.postern.policy.lua.run.LuaError;
import org.postern.policy.lua.run.LuaState;

@Timeout(60)
class CounterLibraryTest {

    private final Counters counters = new Counters();

    /** Another script, or another instance of one. */
    private LuaState state() {
        LuaState state = Lua.state();
        MsysLibrary.open(state, new ConfigurationOfScopes(), Lua.CLOCK);
        CounterLibrary.open(state, counters);
        return state;
    }

    private String run(String source) {
        LuaState state = state();
        return String.join(
                " ",
                Lua.run(state, "require('msys.core') require('msys.counter') " + source).stream()
                        .map(state::toText)
                        .toList());
    }

    @Test
    void countsByHandleAndByPath() {
        assertThat(run("local c = msys.counter.open('/site/a')"
                        + " msys.counter.inc(c) msys.counter.inc('/site/a') msys.counter.add(c, 1024)"
                        + " msys.counter.add('/site/a', -1)"
                        + " return msys.counter.read(c), msys.counter.read('/site/a'), msys.type(c)"))
                .isEqualTo("1025 1025 counter");
    }

    @Test
    void isSharedByAllScripts() {
        run("msys.counter.add('/site/a', 3)");
        assertThat(run("return msys.counter.read('/site/a')")).isEqualTo("3");
    }

    @Test
    void takesBothSemantics() {
        assertThat(run("msys.counter.inc(msys.counter.open('/a', msys.counter.STRICT))"
                        + " msys.counter.inc(msys.counter.open('/a', msys.counter.RELAXED))"
                        + " return msys.counter.read('/a')"))
                .isEqualTo("2");
    }

    @Test
    void resetsAndUnlinks() {
        assertThat(run("local c = msys.counter.open('/a') msys.counter.add(c, 7) msys.counter.reset('/a')"
                        + " local reset = msys.counter.read(c) msys.counter.inc(c) msys.counter.unlink('/a')"
                        + " return reset, msys.counter.read(c), msys.counter.read('/a')"))
                .isEqualTo("0 1 0");
    }

    @Test
    void losesNothingWhereSeveralCountAtOnce() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> scripts = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                scripts.add(threads.submit(() -> run("for i = 1, 1000 do msys.counter.inc('/a') end")));
            }
            for (Future<String> script : scripts) {
                script.get(30, TimeUnit.SECONDS);
            }
        }
        assertThat(run("return msys.counter.read('/a')")).isEqualTo("8000");
    }

    @ParameterizedTest
    @ValueSource(strings = {"''", "'a'", "('/x'):rep(128)", "nil", "{}"})
    void refusesWhatIsNoPath(String path) {
        assertThatThrownBy(() -> run("msys.counter.inc(" + path + ")")).isInstanceOf(LuaError.class);
        assertThatThrownBy(() -> run("msys.counter.read(" + path + ")")).isInstanceOf(LuaError.class);
    }

    @Test
    void endsWhereThereAreTooMany() {
        run("for i = 1, 1000 do msys.counter.inc('/site/' .. i) end");
        assertThatThrownBy(() -> run("msys.counter.inc('/site/more')")).isInstanceOf(LuaError.class);
        assertThat(run("msys.counter.inc('/site/7') return msys.counter.read('/site/7')"))
                .isEqualTo("2");
    }
}
