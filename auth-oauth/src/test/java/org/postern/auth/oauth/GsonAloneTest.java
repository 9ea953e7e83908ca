// SPDX-License-Identifier: Apache-2.0
package org.postern.auth.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.postern.spi.credential.Octets;

/** The bundle carries the few classes of Gson that reading a stream needs, and no more. */
class GsonAloneTest {

    private static final URL BUNDLE =
            ErrorChallenge.class.getProtectionDomain().getCodeSource().getLocation();

    @Test
    void readsWithWhatIsInTheBundle() throws Exception {
        URL core = Octets.class.getProtectionDomain().getCodeSource().getLocation();
        try (URLClassLoader alone =
                new URLClassLoader(new URL[] {BUNDLE, core}, ClassLoader.getPlatformClassLoader())) {
            assertThat(alone.loadClass("com.google.gson.stream.JsonReader").getClassLoader())
                    .isSameAs(alone);
            for (String json :
                    new String[] {"{\"status\":\"401\",\"a\":[1,true,null,{}]}", "{\"status\":", "[[[[[[[[[[[["}) {
                Object challenge = alone.loadClass(Octets.class.getName())
                        .getMethod("utf8", String.class)
                        .invoke(null, json);
                var read = alone.loadClass(ErrorChallenge.class.getName())
                        .getDeclaredMethod("read", challenge.getClass(), byte[].class);
                read.setAccessible(true);
                assertThat(read.invoke(null, challenge, new byte[20]))
                        .asString()
                        .startsWith("ErrorChallenge");
            }
        }
    }

    @Test
    void carriesLittle() throws Exception {
        try (var files = Files.walk(Path.of(BUNDLE.toURI()).resolve("com/google/gson"))) {
            long octets = files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
            assertThat(octets).isBetween(10_000L, 60_000L);
        }
    }
}
