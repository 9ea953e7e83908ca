// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.msys;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.postern.policy.lua.library.Module;
import org.postern.policy.lua.run.Arguments;
import org.postern.policy.lua.run.JavaFunction;
import org.postern.policy.lua.run.LuaState;
import org.postern.policy.lua.run.LuaTable;
import org.postern.policy.lua.run.PaidText;
import org.postern.policy.lua.run.Userdata;
import org.postern.policy.lua.run.Values;
import org.postern.spi.settings.ScopePath;

/** {@code msys}, {@code msys.core} and {@code print}. */
public final class MsysLibrary {

    /** Message context; {@code VCTX_MESS} and {@code ECMESS_CTX_MESS} are one, since scripts use both. */
    static final double MESSAGE_CONTEXT = 1;

    /** Connection context, of which nothing is left when mail goes out. */
    static final double CONNECTION_CONTEXT = 0;

    /** What scripts require although it is here already. */
    private static final List<String> PARTS =
            List.of("msys.core", "msys.extended.message", "msys.extended.message_routing", "msys.extended.vctx");

    private MsysLibrary() {}

    /** Puts it into a state, with what hangs on it. */
    public static void open(LuaState state, Configuration configuration, Clock clock) {
        state.attach(Secrets.class, new Secrets());
        state.attach(ScriptLog.class, new ScriptLog());
        state.attach(Registrations.class, new Registrations());
        Module.named(state, "msys")
                .function("config", call -> config(call, configuration))
                .function("expandMacro", MsysLibrary::expandMacro)
                .function("registerModule", MsysLibrary::registerModule)
                .function("type", call -> Values.one(type(call.anyValue(1))));
        PARTS.forEach(part -> Module.named(state, part));
        constants(Module.named(state, "msys.core"))
                .function("get_now_ts", call -> now(clock))
                .function("string_new", call -> Values.one(new StringObject()));
        TimerLibrary.open(state, clock, System::nanoTime);
        Module.named(state, "msys.dumper").function("Dumper", call -> Values.one(Dumper.dump(call)));
        state.globals().set("VCTX_MESS", MESSAGE_CONTEXT);
        state.globals().set("VCTX_CONN", CONNECTION_CONTEXT);
        state.globals().set("mod", state.table());
        state.globals().set("print", new JavaFunction("print", MsysLibrary::print));
    }

    private static Module constants(Module core) {
        return core.value("ECMESS_CTX_MESS", MESSAGE_CONTEXT)
                .value("ECMESS_CTX_CONN", CONNECTION_CONTEXT)
                .value("VCTX_MESS", MESSAGE_CONTEXT)
                .value("VCTX_CONN", CONNECTION_CONTEXT)
                .value("VALIDATE_CONT", 0.0)
                .value("VALIDATE_DONE", 1.0)
                .value("VALIDATE_AGAIN", 2.0)
                .value("EC_MSG_ENV_FROM", 1.0)
                .value("EC_MSG_ENV_TO", 2.0)
                .value("EC_MSG_ENV_COMPLETE", 4.0);
    }

    private static Object[] print(Arguments call) {
        PaidText line = new PaidText(call.budget());
        for (int i = 1; i <= call.count(); i++) {
            String text = call.state().toText(call.value(i));
            line.append(i == 1 ? "" : " ").append(text);
        }
        call.state().attached(ScriptLog.class).print(line.toString());
        return Values.NONE;
    }

    private static Object[] registerModule(Arguments call) {
        call.state().attached(Registrations.class).add(call.string(1), call.table(2));
        return Values.one(true);
    }

    private static Object[] now(Clock clock) {
        Instant now = clock.instant();
        return new Object[] {Values.number(now.getEpochSecond()), Values.number(now.getNano() / 1_000)};
    }

    private static String type(Object value) {
        return value instanceof Userdata object ? UserdataNames.of(object) : Values.typeName(value);
    }

    // config("eval", "binding", b, "domain", d, option)
    private static Object[] config(Arguments call, Configuration configuration) {
        String action = call.string(1).toLowerCase(Locale.ROOT);
        if (!action.equals("get") && !action.equals("eval")) {
            throw call.bad(1, "only 'get' and 'eval' are possible from a script");
        }
        if (call.count() < 2 || call.count() % 2 != 0) {
            throw call.error("config takes an action, pairs of scope and instance, and an option");
        }
        ScopePath place = ScopePath.GLOBAL;
        for (int i = 2; i < call.count(); i += 2) {
            place = inner(call, place, i);
        }
        String option = call.text(call.count()).toLowerCase(Locale.ROOT);
        Optional<Configuration.Answer> answer =
                action.equals("get") ? configuration.written(place, option) : configuration.effective(place, option);
        return answer.map(found -> shown(call.state(), option, found)).orElseGet(() -> new Object[] {
            null, Values.fromText("Option '" + option + "' is not set in scope '" + place(call) + "'.")
        });
    }

    private static String place(Arguments call) {
        StringBuilder words = new StringBuilder();
        for (int i = 2; i < call.count(); i++) {
            words.append(words.isEmpty() ? "" : " ").append(call.text(i));
        }
        return words.isEmpty() ? "global" : words.toString();
    }

    private static ScopePath inner(Arguments call, ScopePath outer, int position) {
        String instance = call.text(position + 1);
        return switch (call.string(position).toLowerCase(Locale.ROOT)) {
            case "binding_group" -> new ScopePath(Optional.of(instance), outer.binding(), outer.domain());
            case "binding" -> new ScopePath(outer.group(), Optional.of(instance), outer.domain());
            case "domain" ->
                new ScopePath(outer.group(), outer.binding(), Optional.of(instance.toLowerCase(Locale.ROOT)));
            default -> throw call.bad(position, "no scope '" + call.string(position) + "'");
        };
    }

    private static Object[] shown(LuaState state, String option, Configuration.Answer answer) {
        return switch (answer) {
            case Configuration.Answer.Plain plain -> {
                String text = Values.fromText(plain.text());
                yield new Object[] {state.string(text), state.string(Values.fromText(option) + " = " + text)};
            }
            case Configuration.Answer.Hidden hidden -> {
                String text = Values.fromText(hidden.text());
                state.attached(Secrets.class).add(text);
                yield new Object[] {state.string(text), Values.fromText(option) + " = ***"};
            }
        };
    }

    private static Object[] expandMacro(Arguments call) {
        return Values.one(call.state().string(Macros.expand(call, call.string(1))));
    }

    /** The message that the call under way is about, for macros; hangs on the state. */
    static Optional<MessageObject> currentMessage(LuaState state) {
        return Optional.ofNullable(state.attached(MessageObject.Current.class)).map(MessageObject.Current::message);
    }

    /** Takes what a script without {@code registerModule} has put into the global table {@code mod}. */
    public static void registerImplicitly(LuaState state, String name) {
        Registrations registrations = state.attached(Registrations.class);
        if (registrations.modules().isEmpty()
                && state.globals().get("mod") instanceof LuaTable mod
                && mod.next(null) != null) {
            registrations.add(name, mod);
        }
    }
}
