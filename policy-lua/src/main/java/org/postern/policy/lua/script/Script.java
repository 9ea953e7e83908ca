// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.script;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.postern.policy.lua.library.Chunks;
import org.postern.policy.lua.library.Sandbox;
import org.postern.policy.lua.msys.MsysLibrary;
import org.postern.policy.lua.msys.Registrations;
import org.postern.policy.lua.msys.ScriptLog;
import org.postern.policy.lua.msys.Secrets;
import org.postern.policy.lua.msys.Timers;
import org.postern.policy.lua.run.Killed;
import org.postern.policy.lua.run.LuaError;
import org.postern.policy.lua.run.LuaFunction;
import org.postern.policy.lua.run.LuaState;
import org.postern.policy.lua.run.LuaTable;
import org.postern.policy.lua.run.Values;

/**
 * A script that was loaded, and its instances. An instance is entered by one thread at a time; where all are taken, another
 * one is made, so that calls never wait for one another. Where it sets timers, the first instance is theirs alone.
 *
 * <p>Threading: safe for many threads.
 */
public final class Script implements AutoCloseable {

    /** How long a script may take until it is ready for messages, for what a timer calls, and to say good-bye. */
    static final Duration START = Duration.ofSeconds(10);

    private static final Duration LOOK = Duration.ofSeconds(1);

    private final String name;
    private final Program program;
    private final Surroundings surroundings;
    private final IdleInstances idle;
    private final boolean authenticates;
    private final boolean choosesBindings;
    private final Optional<Timekeeper> timekeeper;
    private volatile Instant nextLook = Instant.MIN;
    private volatile boolean closed;

    private Script(String name, Program program, Surroundings surroundings) throws ScriptException {
        this.name = name;
        this.program = program;
        this.surroundings = surroundings;
        this.idle = new IdleInstances(surroundings.spare());
        LuaState first = make();
        Registrations registrations = first.attached(Registrations.class);
        this.authenticates = registrations.have(first, Registrations.AUTHENTICATION);
        this.choosesBindings = registrations.have(first, Set.of(Registrations.BINDING));
        if (first.attached(Timers.class).any()) {
            this.timekeeper = Optional.of(new Timekeeper(this, first));
        } else {
            this.timekeeper = Optional.empty();
            describe(registrations);
            give(forMessages(first));
        }
    }

    /**
     * Loads a script and makes its first instance, which shows whether it works.
     *
     * @param name the name of its stanza
     * @param source where it is, as the stanza says
     * @throws ScriptException if it is not found, is no Lua, raises, or takes more than it may
     */
    public static Script load(String name, String source, Surroundings surroundings) throws ScriptException {
        return new Script(name, Program.read(surroundings.folders(), source), surroundings);
    }

    private void describe(Registrations registrations) {
        if (registrations.modules().isEmpty()) {
            surroundings.log().failed(name + ": registers no module, so nothing of it will be called");
        } else if (!authenticates && !choosesBindings) {
            surroundings
                    .log()
                    .failed("no usable methods found for module "
                            + String.join(", ", registrations.modules().keySet()) + " in registerModule call");
        }
    }

    /** The name of its stanza. */
    public String name() {
        return name;
    }

    /** Whether it has a hook that authenticates. */
    public boolean authenticates() {
        return authenticates;
    }

    /** Whether it chooses bindings. */
    public boolean choosesBindings() {
        return choosesBindings;
    }

    /** Whether the files that it was made of say the same today. */
    public boolean isCurrent(String source) {
        return program.isCurrent(source);
    }

    /**
     * Does work in an instance of its own.
     *
     * @param time how long it may take
     * @throws ScriptException if it raises or takes too much; the log has the traceback then
     */
    public <R> R call(Duration time, Function<LuaState, R> work) throws ScriptException {
        LuaState state = take();
        try {
            return guarded(state, time, () -> work.apply(state));
        } finally {
            if (!state.isOver()) {
                give(state);
            }
        }
    }

    <R> R guarded(LuaState state, Duration time, Supplier<R> work) throws ScriptException {
        try {
            return state.enter(time, work);
        } catch (LuaError raised) {
            throw failure(state, raised.getMessage(), raised.traceback());
        } catch (Killed ended) {
            throw failure(state, ended.getMessage(), ended.traceback());
        } finally {
            state.attached(ScriptLog.class).flush(state.attached(Secrets.class), surroundings.log()::printed);
        }
    }

    private ScriptException failure(LuaState state, String what, String traceback) {
        Secrets secrets = state.attached(Secrets.class);
        String message = name + ": " + ScriptLog.printable(secrets.mask(what));
        StringBuilder lines = new StringBuilder(message);
        traceback.lines().forEach(line -> lines.append('\n').append(ScriptLog.printable(secrets.mask(line))));
        surroundings.log().failed(lines.toString());
        return new ScriptException(message);
    }

    // Instances.

    LuaState make() throws ScriptException {
        LuaState state = Sandbox.open(surroundings.limits(), surroundings.clock(), program);
        surroundings.libraries().forEach(library -> library.open(state));
        guarded(state, START, () -> start(state));
        return state;
    }

    private boolean start(LuaState state) {
        state.call(Chunks.closure(state, program.chunk()));
        MsysLibrary.registerImplicitly(state, name);
        return callAll(state, "init");
    }

    private static boolean callAll(LuaState state, String callout) {
        state.attached(Registrations.class).modules().forEach((module, table) -> call(state, module, table, callout));
        return true;
    }

    private static void call(LuaState state, String module, LuaTable table, String callout) {
        LuaFunction function = Registrations.function(state, table, callout);
        if (function != null && Boolean.FALSE.equals(Values.first(state.call(function, table)))) {
            throw state.error("'" + callout + "' of module '" + module + "' returned false");
        }
    }

    private LuaState take() throws ScriptException {
        Optional<LuaState> found = idle.take();
        return found.isPresent() ? found.get() : forMessages(make());
    }

    private static LuaState forMessages(LuaState state) {
        state.attached(Timers.class).leave(state);
        return state;
    }

    private void give(LuaState state) {
        Instant now = surroundings.clock().instant();
        if (closed || !idle.give(state, now)) {
            end(state);
        } else if (closed) {
            endAll();
        } else if (!now.isBefore(nextLook)) {
            endOverdue(now);
        }
    }

    // One at a time, so that no message pays for many; and while there is none, a look now and then will do.
    private void endOverdue(Instant now) {
        idle.takeGivenBefore(now.minus(surroundings.timeToLive()))
                .ifPresentOrElse(this::end, () -> nextLook = now.plus(LOOK));
    }

    void end(LuaState state) {
        try {
            guarded(state, START, () -> callAll(state, "deinit"));
        } catch (ScriptException logged) {
            // Its traceback is in the log, and there is nobody else to tell.
        }
    }

    private void endAll() {
        for (Optional<LuaState> one = idle.take(); one.isPresent(); one = idle.take()) {
            end(one.get());
        }
    }

    /** Ends timers and the instances that are idle; those at work for messages end when their calls do. */
    @Override
    public void close() {
        closed = true;
        timekeeper.ifPresent(Timekeeper::close);
        endAll();
    }
}
