// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.postern.policy.lua.run.Limits;
import org.postern.policy.lua.run.LuaState;

/** Instances between two calls: who gets which, how many are kept, and for how long. */
class IdleInstancesTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private static final int MANY = 100_000;

    private static LuaState state() {
        return new LuaState(new Limits(1_000, 1 << 20, Duration.ofSeconds(1)));
    }

    private static <T> T onAnotherThread(Supplier<T> work) throws InterruptedException, ExecutionException {
        FutureTask<T> task = new FutureTask<>(work::get);
        Thread.ofVirtual().start(task);
        return task.get();
    }

    // The next but one, whatever numbers threads have got since: on one processor there are four places already.
    private static void giveElsewhere(IdleInstances idle, LuaState state) throws InterruptedException {
        long here = Thread.currentThread().threadId();
        Thread thread;
        do {
            thread = Thread.ofVirtual().unstarted(() -> idle.give(state, NOW));
        } while ((thread.threadId() - here) % 4 != 2);
        thread.start();
        thread.join();
    }

    @Test
    void givesAThreadBackWhatItGaveItselfWhateverOthersGaveSince() throws Exception {
        IdleInstances idle = new IdleInstances(MANY);
        LuaState mine = state();
        LuaState anothers = state();
        idle.give(mine, NOW);
        giveElsewhere(idle, anothers);
        assertThat(idle.take()).containsSame(mine);
    }

    @Test
    void givesAThreadAnothersBeforeThereWouldHaveToBeANewOne() throws Exception {
        IdleInstances idle = new IdleInstances(MANY);
        LuaState only = state();
        giveElsewhere(idle, only);
        assertThat(idle.take()).containsSame(only);
        assertThat(idle.take()).isEmpty();
    }

    @Test
    void givesAThreadTheSameWhileAnotherOfItsPlaceIsAtWork() throws Exception {
        IdleInstances idle = new IdleInstances(MANY);
        LuaState first = state();
        LuaState second = state();
        idle.give(first, NOW);
        idle.give(second, NOW);
        assertThat(idle.take()).containsSame(first);
        assertThat(idle.take()).containsSame(second);
        idle.give(first, NOW);
        idle.give(second, NOW);
        assertThat(idle.take()).containsSame(first);
        assertThat(idle.take()).containsSame(second);
    }

    @Test
    void keepsAsManyAsItMay() throws Exception {
        for (int most = 0; most < 50; most++) {
            IdleInstances idle = new IdleInstances(most);
            int kept = 0;
            for (int i = 0; i < 500; i++) {
                kept += onAnotherThread(() -> idle.give(state(), NOW)) ? 1 : 0;
            }
            int found = 0;
            while (idle.take().isPresent()) {
                found++;
            }
            assertThat(kept).isEqualTo(most);
            assertThat(found).isEqualTo(most);
        }
    }

    @Test
    void findsWhatNobodyHasNeededForLong() {
        int places = 4 * Runtime.getRuntime().availableProcessors();
        IdleInstances idle = new IdleInstances(MANY);
        LuaState inPlace = state();
        idle.give(inPlace, NOW);
        for (int other = 1; other < places; other++) {
            idle.give(state(), NOW.plusSeconds(2));
        }
        LuaState inPile = state();
        idle.give(inPile, NOW.plusSeconds(1));
        assertThat(idle.takeGivenBefore(NOW)).isEmpty();
        assertThat(idle.takeGivenBefore(NOW.plusSeconds(2))).containsSame(inPlace);
        assertThat(idle.takeGivenBefore(NOW.plusSeconds(2))).containsSame(inPile);
        assertThat(idle.takeGivenBefore(NOW.plusSeconds(2))).isEmpty();
    }
}
