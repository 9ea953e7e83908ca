// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.postern.policy.lua.Lua;

/** The bundle carries the few classes of Gson that reading and writing a stream need, and no more. */
class GsonAloneTest {

    private static URL locationOf(Class<?> type) {
        return type.getProtectionDomain().getCodeSource().getLocation();
    }

    @Test
    void readsAndWritesWithWhatIsInTheBundle() throws Exception {
        URL[] bundle = {locationOf(JsonLibrary.class), locationOf(Lua.class)};
        try (URLClassLoader alone = new URLClassLoader(bundle, ClassLoader.getPlatformClassLoader())) {
            assertThat(alone.loadClass("com.google.gson.stream.JsonReader").getClassLoader())
                    .isSameAs(alone);
            assertThat(alone.loadClass(JsonProbe.class.getName())
                            .getMethod("run")
                            .invoke(null))
                    .isEqualTo("{\"a\":[1,0.5,true,\"x\",{}]}");
        }
    }

    @Test
    void carriesLittle() throws Exception {
        Path gson = Path.of(locationOf(JsonLibrary.class).toURI()).resolve("com/google/gson");
        try (var files = Files.walk(gson)) {
            long octets = files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
            assertThat(octets).isBetween(10_000L, 80_000L);
        }
    }
}
