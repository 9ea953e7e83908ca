// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.policy.lua.script.ScriptException;

/** Timers that scripts set: where they run, what they may do, and when they end. */
@Timeout(120)
class TimersOfScriptsTest {

    @TempDir
    Path folder;

    private Hooks hooks;
    private LogCapture log;

    @BeforeEach
    void open() {
        hooks = new Hooks(folder);
        log = new LogCapture();
    }

    @AfterEach
    void close() {
        hooks.close();
        log.close();
    }

    private void logged(String text, long times) {
        await().atMost(Duration.ofSeconds(60))
                .until(() ->
                        log.lines().stream().filter(line -> line.contains(text)).count() >= times);
    }

    @Test
    void runInAnInstanceOfTheirOwnWhoseVariablesHooksDoNotSee() throws Exception {
        hooks.script("test", """
                require("msys.timer")
                local mod = {}
                n = 0
                function mod:init()
                  msys.timer.every(0.1, function() n = n + 1 print("tick " .. n) end)
                end
                function mod:outbound_smtp_auth_config(msg)
                  msg:context_set(VCTX_MESS, "n", n)
                end
                msys.registerModule("test", mod)
                """).start();
        logged("scriptlet: tick 3", 1);
        assertThat(hooks.run().variables).isEqualTo(Map.of("n", "0"));
        assertThat(log.lines().stream().filter("scriptlet: tick 1"::equals)).hasSize(1);
    }

    @Test
    void goOnWhenOneRaises() {
        hooks.script("test", "msys.timer.every(0.1, function() error('oops') end)")
                .start();
        logged("test.lua:1: oops", 3);
        assertThat(log.text()).contains("stack traceback:").doesNotContain("registers no module");
    }

    @Test
    void cannotBeSetByAHook() {
        hooks.script("test", "function mod:outbound_smtp_auth_config(msg) msys.timer.after(1, print) end")
                .start();
        assertThatThrownBy(() -> hooks.run())
                .isInstanceOf(ScriptException.class)
                .hasMessageContaining("timers cannot be set by a hook");
    }

    @Test
    void endWithTheScriptBeforeItsLastWord() {
        hooks.script(
                        "test",
                        "function mod:deinit() print('deinit') end function mod:init()"
                                + " msys.timer.every(0.1, function() print('tick') end) end")
                .start();
        logged("scriptlet: tick", 1);
        hooks.hooks().close();
        assertThat(log.lines().getLast()).isEqualTo("scriptlet: deinit");
        assertThat(log.lines().stream().filter("scriptlet: deinit"::equals)).hasSize(1);
    }

    @Test
    void areInterruptedAtWorkWhenTheScriptEnds() {
        hooks.script(
                        "test",
                        "msys.timer.after(0, function() print('ready')"
                                + " msys.timer.after(0, function() msys.sleep(8) print('slept') end) end)")
                .start();
        logged("scriptlet: ready", 1);
        hooks.hooks().close();
        assertThat(log.text()).doesNotContain("slept");
    }

    @Test
    void areThoseOfTheScriptAsItIsNow() {
        hooks.script("test", "msys.timer.every(0.1, function() print('old') end)")
                .start();
        logged("scriptlet: old", 1);
        hooks.write("test", "msys.timer.every(0.1, function() print('new') end)");
        hooks.hooks().refresh();
        int from = log.lines().size();
        logged("scriptlet: new", 3);
        assertThat(log.lines().stream().skip(from).toList()).doesNotContain("scriptlet: old");
    }
}
