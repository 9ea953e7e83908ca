// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.postern.policy.lua.code.Compiler;
import org.postern.policy.lua.library.Chunks;
import org.postern.policy.lua.msys.InertObject;
import org.postern.policy.lua.msys.MessageLibrary;
import org.postern.policy.lua.msys.MessageObject;
import org.postern.policy.lua.msys.MsysLibrary;
import org.postern.policy.lua.run.Coroutine;
import org.postern.policy.lua.run.LuaError;
import org.postern.policy.lua.run.LuaFunction;
import org.postern.policy.lua.run.LuaState;
import org.postern.policy.lua.run.LuaTable;
import org.postern.policy.lua.run.Userdata;
import org.postern.policy.lua.run.Values;

/**
 * Scripts that try to get out, in {@code escapes}: each returns something true if it does. An error, nil and false mean that
 * it was denied.
 */
class EscapesTest {

    /** All that a script may ever hold. */
    private static final Set<Class<?>> KNOWN = Set.of(String.class, Double.class, Boolean.class);

    static List<Path> scripts() throws IOException, URISyntaxException {
        Path folder = Path.of(
                Objects.requireNonNull(EscapesTest.class.getResource("escapes")).toURI());
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    @Test
    void areEnough() throws Exception {
        assertThat(scripts()).hasSizeGreaterThanOrEqualTo(200);
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void isDenied(Path script) throws Exception {
        LuaState state = Lua.state();
        MsysLibrary.open(state, new ConfigurationOfScopes(), Clock.systemUTC());
        MessageLibrary.open(state);
        FakeMessage fake = new FakeMessage();
        state.globals().set("msg", MessageObject.open(state, fake, fake));
        state.globals().set("ac", new InertObject("accept_construct"));
        state.globals().set("vctx", new InertObject("validate_context"));
        String source = Files.readString(script, StandardCharsets.ISO_8859_1);
        Object chunk = Chunks.closure(state, Compiler.compile("escape", source));
        try {
            Object result = Values.first(state.enter(Duration.ofSeconds(20), () -> state.call(chunk)));
            assertThat(Values.isTrue(result)).as("got out with " + result).isFalse();
        } catch (LuaError denied) {
            assertThat(denied.getMessage()).doesNotContain("java.", "Exception", "org.postern");
        }
        assertThat(fake.variables).isEmpty();
        holdsOnlyValuesOfLua(state);
    }

    private static void holdsOnlyValuesOfLua(LuaState state) {
        LuaTable globals = state.globals();
        for (Object[] entry = globals.next(null); entry != null; entry = globals.next(entry[0])) {
            assertThat(entry).allMatch(EscapesTest::isOfLua);
        }
    }

    private static boolean isOfLua(Object value) {
        return KNOWN.contains(value.getClass())
                || value instanceof LuaTable
                || value instanceof LuaFunction
                || value instanceof Userdata
                || value instanceof Coroutine;
    }
}
