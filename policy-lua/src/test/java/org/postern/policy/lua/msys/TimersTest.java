// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.msys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postern.policy.lua.Lua;
import org.postern.policy.lua.run.LuaError;
import org.postern.policy.lua.run.LuaFunction;
import org.postern.policy.lua.run.LuaState;

/** When timers are due, by a clock of the test's own. */
@Timeout(60)
class TimersTest {

    private long now = Long.MAX_VALUE - 1_000;
    private LuaState state;
    private Timers timers;

    @BeforeEach
    void open() {
        state = Lua.state();
        TimerLibrary.open(state, Lua.CLOCK, () -> now);
        timers = Timers.of(state);
        Lua.run(state, "require('msys.timer') s = '' function add(c) return function() s = s .. c end end");
    }

    /** What was called after so long, in order. */
    private String after(Duration time) {
        now += time.toNanos();
        for (Optional<LuaFunction> due = timers.takeDue(state); due.isPresent(); due = timers.takeDue(state)) {
            LuaFunction function = due.get();
            state.enter(Lua.LIMITS.time(), () -> state.call(function));
        }
        return (String) Lua.run(state, "local was = s s = '' return was").getFirst();
    }

    private static Duration millis(long millis) {
        return Duration.ofMillis(millis);
    }

    @Test
    void callsOnceAfterATime() {
        Lua.run(state, "msys.timer.after(2, add('a')) msys.timer.after(1, add('b'))");
        assertThat(timers.untilNext()).contains(millis(1_000));
        assertThat(after(millis(999))).isEmpty();
        assertThat(after(millis(2_000))).isEqualTo("ba");
        assertThat(timers.any()).isFalse();
        assertThat(timers.untilNext()).isEmpty();
    }

    @Test
    void callsAtATimeOfDayAndAtOnceIfThatIsOver() {
        Lua.run(state, "msys.timer.at(os.time() + 60, add('later')) msys.timer.at(os.time() - 60, add('now'))");
        assertThat(after(Duration.ZERO)).isEqualTo("now");
        assertThat(after(millis(59_999))).isEmpty();
        assertThat(after(millis(1))).isEqualTo("later");
    }

    @Test
    void callsAgainAndAgainAndDoesNotMakeUpForCallsThatWereMissed() {
        Lua.run(state, "msys.timer.every(2, add('x'))");
        assertThat(after(millis(1_999))).isEmpty();
        assertThat(after(millis(1))).isEqualTo("x");
        assertThat(after(millis(9_000))).isEqualTo("x");
        assertThat(after(millis(1_999))).isEmpty();
        assertThat(after(millis(1))).isEqualTo("x");
    }

    @Test
    void stopsAndStartsAndTellsItsName() {
        assertThat(Lua.run(state, "t = msys.timer.every(2, add('x'), 'repeater') t:stop() t:stop() return t:name()"))
                .containsExactly("repeater");
        assertThat(after(millis(5_000))).isEmpty();
        Lua.run(state, "t:start()");
        assertThat(after(millis(1_999))).isEmpty();
        assertThat(after(millis(1))).isEqualTo("x");
        Lua.run(state, "once = msys.timer.after(1, add('y')) t:stop()");
        assertThat(after(millis(1_000))).isEqualTo("y");
        Lua.run(state, "once:start()");
        assertThat(after(millis(1_000))).isEqualTo("y");
    }

    @Test
    void refusesMoreTimersThanAScriptMayHave() {
        Lua.run(state, "for i = 1, 1000 do t = msys.timer.after(1, add('x')) t:stop() end");
        assertThatThrownBy(() -> Lua.run(state, "for i = 1, 101 do msys.timer.after(1, add('x')) end"))
                .isInstanceOf(LuaError.class)
                .hasMessageContaining("more than 100 timers are set");
    }

    @Test
    void refusesTimesThatAreNone() {
        for (String call : new String[] {
            "every(0, f)",
            "every(-1, f)",
            "every(0/0, f)",
            "every(1/0, f)",
            "every(1)",
            "every(1, 'f')",
            "every('x', f)",
            "after(0/0, f)",
            "after(1/0, f)",
            "at(0/0, f)",
            "at(1/0, f)",
            "after(1, f, {})"
        }) {
            assertThatThrownBy(() -> Lua.run(state, "local f = tostring msys.timer." + call))
                    .as(call)
                    .isInstanceOf(LuaError.class)
                    .hasMessageContaining("bad argument");
        }
        assertThat(timers.any()).isFalse();
    }

    @Test
    void countsWhatATimerCallsAsHeldEvenWhenItIsStopped() {
        Lua.run(state, "local big = ('x'):rep(1000000) t = msys.timer.after(1, function() return big end) t:stop()");
        assertThat(state.measure()).isGreaterThan(1_000_000);
        Lua.run(state, "t = nil");
        assertThat(state.measure()).isLessThan(1_000_000);
        Lua.run(state, "local big = ('x'):rep(1000000) msys.timer.after(1, function() return big end)");
        assertThat(state.measure()).isGreaterThan(1_000_000);
    }

    @Test
    void setsNoneInAnInstanceForMessages() {
        Lua.run(state, "t = msys.timer.after(1, add('x'))");
        timers.leave(state);
        assertThat(after(millis(5_000))).isEmpty();
        assertThatThrownBy(() -> Lua.run(state, "t:start()"))
                .isInstanceOf(LuaError.class)
                .hasMessageContaining("timers cannot be set by a hook");
    }
}
