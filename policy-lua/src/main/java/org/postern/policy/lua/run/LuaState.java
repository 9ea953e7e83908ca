// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.run;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One instance of a script: its globals and all that hangs on them. States share nothing but immutable code; not even
 * strings have a metatable in common.
 *
 * <p>Threading: used by one thread at a time. Coroutines are threads of their own that hand the state on to one another.
 */
public final class LuaState {

    private final Budget budget;
    private final LuaTable globals;
    private final LuaTable registry;
    private final Metamethods metamethods = new Metamethods(this);
    private final Map<Class<?>, Object> attachments = new HashMap<>();
    private final Deque<Coroutine> resumed = new ArrayDeque<>();
    private final List<Coroutine> alive = new ArrayList<>();
    private final List<Runnable> endings = new ArrayList<>();
    private LuaTable stringMetatable;
    private Frame frame;
    private int depth;
    private int serials;
    private int walks;
    private boolean over;

    /** An empty state. */
    public LuaState(Limits limits) {
        budget = new Budget(limits);
        budget.measureBy(this::reachable);
        globals = new LuaTable(budget);
        registry = new LuaTable(budget);
    }

    /** What the call under way may still use. */
    public Budget budget() {
        return budget;
    }

    /** The global variables. */
    public LuaTable globals() {
        return globals;
    }

    /** A table that scripts cannot see, for what a library has to keep. */
    public LuaTable registry() {
        return registry;
    }

    /** A new table. */
    public LuaTable table() {
        return new LuaTable(budget);
    }

    /** Pays for a new string and returns it. */
    public String string(String text) {
        budget.allocate(56L + text.length());
        return text;
    }

    /** Hangs an object of Java on the state, one of each type. */
    public <T> void attach(Class<T> type, T object) {
        attachments.put(type, object);
    }

    /** The object of this type that was hung on the state. */
    public <T> T attached(Class<T> type) {
        return type.cast(attachments.get(type));
    }

    /** What strings look their methods up in. */
    public LuaTable stringMetatable() {
        return stringMetatable;
    }

    /** Sets what strings look their methods up in. */
    public void stringMetatable(LuaTable table) {
        stringMetatable = table;
    }

    /** Indexing, arithmetic and comparison with metamethods. */
    public Metamethods metamethods() {
        return metamethods;
    }

    // Calls.

    /**
     * Does work from outside: calls of functions, with time and instructions of their own. What it leaves running ends with
     * it.
     *
     * @throws LuaError what was raised and not caught
     * @throws Killed if it was ended; the state must not be used again
     */
    public <R> R enter(Duration time, Supplier<R> work) {
        budget.begin(time);
        frame = null;
        depth = 0;
        try {
            return work.get();
        } catch (StackOverflowError deep) {
            throw killed(new Killed("was nested too deeply"));
        } catch (Killed ended) {
            throw killed(ended);
        } finally {
            endCoroutines();
            endings.forEach(Runnable::run);
        }
    }

    /** Has something done after each call from outside, however it ends. */
    public void afterEachCall(Runnable work) {
        endings.add(work);
    }

    private Killed killed(Killed ended) {
        ended.at(frame);
        over = true;
        return ended;
    }

    /** Whether a call in it was ended from outside, so that it must not be used again. */
    public boolean isOver() {
        return over;
    }

    /** Calls a function. */
    public Object[] call(Object function, Object... arguments) {
        return call(function, arguments, Described.NAMELESS);
    }

    /** Calls a function that messages can name. */
    public Object[] call(Object function, Object[] arguments, Described described) {
        if (++depth > Limits.DEPTH) {
            depth--;
            throw error("stack overflow");
        }
        Object[] results = callOnce(function, arguments, described);
        while (results.length == 1 && results[0] instanceof TailCall tail) {
            results = callOnce(tail.function(), tail.arguments(), tail.described());
        }
        depth--;
        return results;
    }

    private Object[] callOnce(Object function, Object[] arguments, Described described) {
        if (arguments.length > 16) {
            checkCount(arguments.length);
            budget.allocate(8L * arguments.length);
        }
        return function instanceof LuaFunction callable
                ? callable.call(this, arguments)
                : metamethods.callObject(function, arguments, described);
    }

    private void checkCount(int values) {
        if (values > Limits.VALUES) {
            throw error("more than " + Limits.VALUES + " values passed to a function");
        }
    }

    /** Calls a function and gives what it raises to a handler, as {@code pcall} does. */
    public Object[] guarded(Object function, Object[] arguments, Function<LuaError, Object[]> handler) {
        Frame here = frame;
        int level = depth;
        try {
            return call(function, arguments);
        } catch (LuaError raised) {
            depth = level;
            frame = raised.frame() == null ? here : raised.frame();
            try {
                return handler.apply(raised);
            } finally {
                frame = here;
            }
        }
    }

    // Errors.

    /** An error whose message begins with the place that the script has come to. */
    public LuaError error(String what) {
        return new LuaError((frame == null ? "" : frame.position()) + what, frame);
    }

    /** An error of any value. */
    public LuaError raise(Object value) {
        return new LuaError(value, frame);
    }

    /** Script and line of the function that is so many calls out, 1 being the innermost; empty if there is none. */
    public String position(int level) {
        Frame found = frameAt(level);
        return found == null ? "" : found.position();
    }

    /** The function that is so many calls out, 1 being the innermost; null if there is none. */
    public Closure functionAt(int level) {
        Frame found = frameAt(level);
        return found == null ? null : found.function();
    }

    private Frame frameAt(int level) {
        Frame found = frame;
        for (int i = 1; i < level && found != null; i++) {
            found = found.caller();
        }
        return level < 1 ? null : found;
    }

    /** The calls under way, innermost first. */
    public String traceback() {
        return Frame.traceback(frame);
    }

    // Names of things.

    int nextSerial() {
        return ++serials;
    }

    /** A number that tells one thing from another, in the form of an address. */
    String address(Collectable thing) {
        return String.format("0x%08x", thing.serial(this));
    }

    /** What {@code tostring} gives, metamethods asked. */
    public String toText(Object value) {
        return metamethods.toText(value);
    }

    // Frames and coroutines.

    Frame frame() {
        return frame;
    }

    void frame(Frame innermost) {
        frame = innermost;
    }

    int depth() {
        return depth;
    }

    void depth(int level) {
        depth = level;
    }

    /** The coroutine that runs; null outside of all. */
    public Coroutine running() {
        return resumed.peek();
    }

    /** A coroutine that has not begun. */
    public Coroutine coroutine(LuaFunction function) {
        if (alive.size() >= Limits.COROUTINES) {
            throw error("more than " + Limits.COROUTINES + " coroutines are alive");
        }
        return new Coroutine(this, function);
    }

    void entered(Coroutine coroutine) {
        resumed.push(coroutine);
    }

    void left() {
        resumed.pop();
    }

    void born(Coroutine coroutine) {
        alive.add(coroutine);
    }

    void died(Coroutine coroutine) {
        alive.remove(coroutine);
    }

    private void endCoroutines() {
        if (!alive.isEmpty()) {
            List.copyOf(alive).forEach(Coroutine::end);
            alive.clear();
        }
        resumed.clear();
    }

    // Memory.

    private long reachable() {
        Walk walk = new Walk(++walks);
        walk.visit(globals);
        walk.visit(registry);
        walk.visit(stringMetatable);
        walk.visitFrames(frame);
        resumed.forEach(walk::visit);
        return walk.total();
    }

    /** Octets that can be reached, measured now. */
    public long measure() {
        return reachable();
    }
}
