// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.hashicorp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The bundle carries the few classes of Gson that reading and writing a stream needs, and no more. */
class GsonAloneTest {

    private static final URL BUNDLE =
            HashicorpStore.class.getProtectionDomain().getCodeSource().getLocation();

    @Test
    void readsAndWritesWithWhatIsInTheBundle() throws Exception {
        try (URLClassLoader alone = new URLClassLoader(new URL[] {BUNDLE}, ClassLoader.getPlatformClassLoader())) {
            Class<?> json = alone.loadClass("org.postern.credential.hashicorp.protocol.JsonObject");
            var write = json.getDeclaredMethod("write", Map.class);
            var read = json.getDeclaredMethod("read", byte[].class);
            write.setAccessible(true);
            read.setAccessible(true);
            Object text = write.invoke(null, Map.of("name", "wert \"\u2028\\"));
            assertThat(read.invoke(null, (Object) text.toString().getBytes("UTF-8")))
                    .hasToString("JsonObject[name]");
        }
    }

    @Test
    void carriesLittle() throws Exception {
        try (var files = Files.walk(Path.of(BUNDLE.toURI()).resolve("com/google/gson"))) {
            long octets = files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
            assertThat(octets).isBetween(10_000L, 80_000L);
        }
    }
}
