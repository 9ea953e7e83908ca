// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.msys;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.postern.policy.lua.run.LuaFunction;
import org.postern.policy.lua.run.LuaState;
import org.postern.policy.lua.run.LuaTable;

/**
 * The timers that an instance has set. Only one instance of a script keeps them; the others are for messages, and what they
 * set while they were made never comes to a call. Hangs on the state.
 *
 * <p>Threading: as the state, one thread at a time.
 */
public final class Timers {

    /** How many a script may have set at once. */
    static final int MOST = 100;

    /** Where the registry has them, so that what they call counts as held. */
    private static final String SCHEDULED = "timers";

    private final LongSupplier nanos;
    private final List<TimerObject> scheduled = new ArrayList<>();
    private boolean forMessages;

    /** @param nanos a clock that only goes forward */
    Timers(LongSupplier nanos) {
        this.nanos = nanos;
    }

    static Timers of(LuaState state) {
        return state.attached(Timers.class);
    }

    /** Whether any is set. */
    public boolean any() {
        return !scheduled.isEmpty();
    }

    /** The instance is for messages: none that it has set comes to a call, and none can be set any more. */
    public void leave(LuaState state) {
        List.copyOf(scheduled).forEach(timer -> stop(state, timer));
        forMessages = true;
    }

    void schedule(LuaState state, TimerObject timer) {
        if (forMessages) {
            throw state.error("timers cannot be set by a hook: set them where the script is loaded, in 'init', or in"
                    + " what a timer calls");
        }
        if (!scheduled.contains(timer)) {
            if (scheduled.size() >= MOST) {
                throw state.error("more than " + MOST + " timers are set");
            }
            scheduled.add(timer);
            keep(state);
        }
        timer.begin(nanos.getAsLong());
    }

    void stop(LuaState state, TimerObject timer) {
        if (scheduled.remove(timer)) {
            keep(state);
        }
    }

    // Always a new one: a table remembers the keys that were taken out of it, and what hangs on them.
    private void keep(LuaState state) {
        LuaTable kept = state.table();
        for (int i = 0; i < scheduled.size(); i++) {
            kept.set(i + 1, scheduled.get(i));
        }
        state.registry().set(SCHEDULED, kept);
    }

    private Optional<TimerObject> first() {
        long now = nanos.getAsLong();
        return scheduled.stream().min(Comparator.comparingLong(timer -> timer.due() - now));
    }

    /** The time until the next call; zero if it is overdue, empty if there will be none. */
    public Optional<Duration> untilNext() {
        return first().map(timer -> Duration.ofNanos(Math.max(0, timer.due() - nanos.getAsLong())));
    }

    /**
     * The function that is to be called now, if there is one. Its timer is set again, from now on, or done: calls that could
     * not be made in time are not made up for.
     */
    public Optional<LuaFunction> takeDue(LuaState state) {
        long now = nanos.getAsLong();
        Optional<TimerObject> found = first().filter(timer -> timer.due() - now <= 0);
        found.filter(timer -> !timer.next(now)).ifPresent(timer -> stop(state, timer));
        return found.map(TimerObject::function);
    }
}
