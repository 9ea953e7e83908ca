// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.outside;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postern.policy.lua.Lua;
import org.postern.policy.lua.library.Chunks;
import org.postern.policy.lua.library.Sandbox;
import org.postern.policy.lua.run.Killed;
import org.postern.policy.lua.run.Limits;
import org.postern.policy.lua.run.LuaError;
import org.postern.policy.lua.run.LuaState;

@Timeout(60)
class WaitingLibraryTest {

    private final Locks locks = new Locks();

    private LuaState state() {
        return open(Lua.state());
    }

    private LuaState brief() {
        return open(Sandbox.open(new Limits(1_000_000, 16 << 20, Duration.ofMillis(200)), Lua.CLOCK, Chunks.NONE));
    }

    private LuaState open(LuaState state) {
        WaitingLibrary.open(state, locks);
        return state;
    }

    @Test
    void sleepsAndGoesOn() {
        assertThat(Show.in(state(), "msys.sleep(0.01) msys.sleep(0) msys.sleep(-1) return 'awake'"))
                .isEqualTo("awake");
    }

    @Test
    void sleepsNoLongerThanTheCall() {
        assertThatThrownBy(() -> Lua.run(brief(), "msys.sleep(1e300)")).isInstanceOf(Killed.class);
    }

    @Test
    void runsInPoolLikeAProtectedCall() {
        LuaState state = state();
        assertThat(Show.in(state, "return msys.runInPool('IO', function() return 1, nil, 'x' end)"))
                .isEqualTo("true 1 nil x");
        assertThat(Show.in(state, "return msys.runInPool('IO', function() error('oops', 0) end)"))
                .isEqualTo("false oops");
        assertThat(Show.in(state, "local t = {} msys.runInPool(2, function() t.a = 1 end, true) return t.a"))
                .isEqualTo("1");
        assertThat(Show.in(
                        state,
                        "local s = '' msys.runInPool('CPU', function() s = s .. 'a' end, function() s = s .. 'b' end, "
                                + "msys.core.ECTP_COMPLETE_CALLBACK_SCHED) return s"))
                .isEqualTo("ab");
        assertThat(Show.in(state, "return msys.asyncOk()")).isEqualTo("true");
        assertThatThrownBy(() -> Lua.run(state(), "msys.runInPool('IO')")).isInstanceOf(LuaError.class);
    }

    @Test
    void letsOneScriptInAtATime() throws Exception {
        LuaState first = state();
        CompletableFuture<Object> second = new CompletableFuture<>();
        Thread waiting = Thread.ofVirtual().unstarted(() -> {
            try {
                second.complete(Show.in(state(), "msys.lock('a') msys.lock('b') return msys.unlock('a')"));
            } catch (RuntimeException failed) {
                second.completeExceptionally(failed);
            }
        });
        assertThat(Show.in(first, "msys.lock('a') return msys.unlock('a'), msys.unlock('a')"))
                .isEqualTo("true false");
        assertThat(locks.lock("a", this, Duration.ofSeconds(10))).isTrue();
        waiting.start();
        assertThat(locks.unlock("a", this)).isTrue();
        assertThat(second.get()).isEqualTo("true");
        assertThat(locks.taken()).isZero();
    }

    @Test
    void releasesWhatAFailedCallHeld() throws Exception {
        assertThatThrownBy(() -> Lua.run(state(), "msys.lock('a') error('oops')"))
                .isInstanceOf(LuaError.class);
        assertThat(locks.taken()).isZero();
        assertThatThrownBy(() -> Lua.run(brief(), "msys.lock('a') while true do end"))
                .isInstanceOf(Killed.class);
        assertThat(locks.taken()).isZero();
    }

    @Test
    void saysThatALockIsHeldAlready() {
        assertThatThrownBy(() -> Lua.run(state(), "msys.lock('a') msys.lock('a')"))
                .isInstanceOf(LuaError.class)
                .hasMessageContaining("held by this script already");
    }

    @Test
    void waitsForALockNoLongerThanTheCall() throws Exception {
        locks.lock("a", this, Duration.ofSeconds(10));
        assertThatThrownBy(() -> Lua.run(brief(), "msys.lock('a')")).isInstanceOf(Killed.class);
    }
}
