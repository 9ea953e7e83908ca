// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.library;

import java.util.OptionalDouble;
import org.postern.policy.lua.run.Arguments;
import org.postern.policy.lua.run.Closure;
import org.postern.policy.lua.run.JavaFunction;
import org.postern.policy.lua.run.Limits;
import org.postern.policy.lua.run.LuaError;
import org.postern.policy.lua.run.LuaFunction;
import org.postern.policy.lua.run.LuaState;
import org.postern.policy.lua.run.LuaTable;
import org.postern.policy.lua.run.Values;
import org.postern.policy.lua.syntax.NumberText;
import org.postern.policy.lua.syntax.SyntaxError;

/**
 * The functions without a module. There is no {@code dofile}, {@code loadfile}, {@code newproxy}: nothing here reads files
 * or compiled chunks. {@code print} belongs to whoever knows where it goes.
 */
public final class BaseLibrary {

    /** What a chunk made from a string is called, at most. */
    private static final int LONGEST_CHUNK_NAME = 60;

    private BaseLibrary() {}

    /** Puts them into a state. */
    public static void open(LuaState state) {
        JavaFunction next = new JavaFunction("next", BaseLibrary::next);
        JavaFunction step = new JavaFunction("ipairs iterator", BaseLibrary::step);
        Module.globals(state)
                .value("_G", state.globals())
                .value("_VERSION", "Lua 5.1")
                .value("next", next)
                .function("assert", BaseLibrary::check)
                .function("collectgarbage", BaseLibrary::collectGarbage)
                .function("error", BaseLibrary::error)
                .function("getfenv", BaseLibrary::getEnvironment)
                .function("getmetatable", BaseLibrary::getMetatable)
                .function("ipairs", call -> new Object[] {step, call.table(1), 0.0})
                .function("load", BaseLibrary::load)
                .function("loadstring", call -> compile(call, call.string(1), 2))
                .function("pairs", call -> new Object[] {next, call.table(1), null})
                .function("pcall", BaseLibrary::protectedCall)
                .function("rawequal", call -> Values.one(Values.rawEquals(call.anyValue(1), call.anyValue(2))))
                .function("rawget", call -> Values.one(call.table(1).get(call.anyValue(2))))
                .function("rawset", BaseLibrary::rawSet)
                .function("select", BaseLibrary::select)
                .function("setfenv", BaseLibrary::setEnvironment)
                .function("setmetatable", BaseLibrary::setMetatable)
                .function("tonumber", BaseLibrary::toNumber)
                .function("tostring", call -> Values.one(call.state().toText(call.anyValue(1))))
                .function("type", call -> Values.one(Values.typeName(call.anyValue(1))))
                .function("unpack", BaseLibrary::unpack)
                .function("xpcall", BaseLibrary::protectedCallWithHandler);
    }

    private static Object[] check(Arguments call) {
        if (Values.isTrue(call.anyValue(1))) {
            return call.from(1);
        }
        throw call.state().raise(call.count() > 1 ? call.value(2) : "assertion failed!");
    }

    private static Object[] collectGarbage(Arguments call) {
        return switch (call.string(1, "collect")) {
            case "count" -> Values.one(call.state().measure() / 1024.0);
            case "collect", "step", "stop", "restart", "setpause", "setstepmul" -> Values.one(0.0);
            default -> throw call.bad(1, "invalid option '" + call.string(1) + "'");
        };
    }

    private static Object[] error(Arguments call) {
        Object value = call.value(1);
        long level = call.integer(2, 1);
        if (value instanceof String message && level > 0) {
            throw call.state().raise(call.state().position((int) Math.min(level, Limits.VALUES)) + message);
        }
        throw call.state().raise(value);
    }

    private static Closure levelOrFunction(Arguments call) {
        if (call.value(1) instanceof Closure closure) {
            return closure;
        }
        long level = call.integer(1, 1);
        Closure found = level < 1 ? null : call.state().functionAt((int) Math.min(level, Limits.VALUES));
        if (level < 0 || level > 0 && found == null) {
            throw call.bad(1, "invalid level");
        }
        return found;
    }

    private static Object[] getEnvironment(Arguments call) {
        if (call.value(1) instanceof LuaFunction function && !(function instanceof Closure)) {
            return Values.one(call.state().globals());
        }
        Closure function = levelOrFunction(call);
        return Values.one(function == null ? call.state().globals() : function.environment());
    }

    private static Object[] setEnvironment(Arguments call) {
        LuaTable environment = call.table(2);
        if (call.value(1) instanceof LuaFunction function && !function.environment(environment)) {
            throw call.error("'setfenv' cannot change environment of given object");
        }
        Closure function = levelOrFunction(call);
        if (function == null) {
            throw call.error("'setfenv' cannot change environment of given object");
        }
        function.environment(environment);
        return Values.one(function);
    }

    private static Object[] getMetatable(Arguments call) {
        LuaTable metatable = call.state().metamethods().metatable(call.anyValue(1));
        if (metatable == null) {
            return Values.one(null);
        }
        Object shown = metatable.get("__metatable");
        return Values.one(shown == null ? metatable : shown);
    }

    private static Object[] setMetatable(Arguments call) {
        LuaTable table = call.table(1);
        LuaTable metatable = call.count() >= 2 && call.value(2) == null ? null : call.table(2);
        if (table.metatable() != null && table.metatable().get("__metatable") != null) {
            throw call.error("cannot change a protected metatable");
        }
        table.metatable(metatable);
        return Values.one(table);
    }

    private static Object[] load(Arguments call) {
        if (call.value(1) instanceof String source) {
            return compile(call, source, 2);
        }
        LuaFunction pieces = call.function(1);
        StringBuilder source = new StringBuilder();
        while (true) {
            Object piece = Values.first(call.state().call(pieces));
            if (piece == null || "".equals(piece)) {
                return compile(call, source.toString(), 2);
            }
            if (!(piece instanceof String text)) {
                throw call.error("reader function must return a string");
            }
            call.budget().allocate(text.length());
            source.append(text);
        }
    }

    private static Object[] compile(Arguments call, String source, int namePosition) {
        String name = call.string(namePosition, "");
        try {
            return Values.one(Chunks.compile(call.state(), chunkName(name.isEmpty() ? source : name), source));
        } catch (SyntaxError wrong) {
            return new Object[] {null, call.state().string(wrong.getMessage())};
        }
    }

    // As Lua shows it: the name after "=" or "@", or else the first line of the text in quotes.
    private static String chunkName(String name) {
        String shown = name.lines().findFirst().orElse("");
        boolean plain = shown.startsWith("=") || shown.startsWith("@");
        String cut = shown.length() > LONGEST_CHUNK_NAME ? shown.substring(0, LONGEST_CHUNK_NAME) : shown;
        return plain ? cut.substring(1) : "[string \"" + cut + (cut.length() < name.length() ? "..." : "") + "\"]";
    }

    private static Object[] next(Arguments call) {
        try {
            Object[] entry = call.table(1).next(call.value(2));
            return entry == null ? Values.one(null) : entry;
        } catch (IllegalArgumentException foreign) {
            throw call.error("invalid key to 'next'");
        }
    }

    private static Object[] step(Arguments call) {
        int index = (int) call.integer(2) + 1;
        Object value = call.table(1).get(index);
        return value == null ? Values.one(null) : new Object[] {(double) index, value};
    }

    private static Object[] protectedCall(Arguments call) {
        Object function = call.anyValue(1);
        return guard(call, function, call.from(2), raised -> new Object[] {false, raised.value()});
    }

    private static Object[] protectedCallWithHandler(Arguments call) {
        Object handler = call.anyValue(2);
        return guard(call, call.value(1), Values.NONE, raised -> handled(call.state(), handler, raised));
    }

    private static Object[] handled(LuaState state, Object handler, LuaError raised) {
        Object[] answer = state.guarded(
                handler, new Object[] {raised.value()}, again -> new Object[] {"error in error handling"});
        return new Object[] {false, Values.first(answer)};
    }

    private static Object[] guard(
            Arguments call,
            Object function,
            Object[] arguments,
            java.util.function.Function<LuaError, Object[]> onError) {
        boolean[] raised = {false};
        Object[] results = call.state().guarded(function, arguments, error -> {
            raised[0] = true;
            return onError.apply(error);
        });
        return raised[0] ? results : prepend(true, results);
    }

    static Object[] prepend(Object first, Object[] rest) {
        Object[] all = new Object[rest.length + 1];
        all[0] = first;
        System.arraycopy(rest, 0, all, 1, rest.length);
        return all;
    }

    private static Object[] rawSet(Arguments call) {
        LuaTable table = call.table(1);
        call.state().metamethods().checkKey(call.anyValue(2));
        table.set(call.value(2), call.anyValue(3));
        return Values.one(table);
    }

    private static Object[] select(Arguments call) {
        if ("#".equals(call.value(1))) {
            return Values.one(Values.number(call.count() - 1L));
        }
        long from = call.integer(1);
        long start = from < 0 ? call.count() + from : from;
        if (start < 1) {
            throw call.bad(1, "index out of range");
        }
        call.budget().charge(1 + (call.count() >> 4));
        return call.from((int) Math.min(start, call.count()) + 1);
    }

    private static Object[] toNumber(Arguments call) {
        long base = call.integer(2, 10);
        if (base == 10) {
            return Values.one(Values.toNumber(call.anyValue(1)));
        }
        if (base < 2 || base > 36) {
            throw call.bad(2, "base out of range");
        }
        OptionalDouble number = NumberText.parse(call.string(1), (int) base);
        return Values.one(number.isPresent() ? number.getAsDouble() : null);
    }

    static Object[] unpack(Arguments call) {
        LuaTable table = call.table(1);
        long from = call.integer(2, 1);
        long to = call.integer(3, table.length());
        if (from > to) {
            return Values.NONE;
        }
        if (to - from >= Limits.VALUES || to - from < 0) {
            throw call.error("too many results to unpack");
        }
        Object[] values = new Object[(int) (to - from) + 1];
        call.budget().charge(1 + (values.length >> 3));
        for (int i = 0; i < values.length; i++) {
            values[i] = table.get((double) (from + i));
        }
        return values;
    }
}
