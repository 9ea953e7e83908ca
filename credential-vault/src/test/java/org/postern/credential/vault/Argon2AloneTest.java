// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.postern.credential.vault.kdbx.KeyDerivation;
import org.postern.spi.credential.Secret;

/** The bundle carries the few classes of Bouncy Castle that Argon2 needs, and no more. */
class Argon2AloneTest {

    private static final String GENERATOR = "org.bouncycastle.crypto.generators.Argon2BytesGenerator";

    @Test
    void derivesWithWhatIsInTheBundle() throws Exception {
        URL bundle = KeyDerivation.class.getProtectionDomain().getCodeSource().getLocation();
        URL core = Secret.class.getProtectionDomain().getCodeSource().getLocation();
        try (URLClassLoader alone =
                new URLClassLoader(new URL[] {bundle, core}, ClassLoader.getPlatformClassLoader())) {
            assertThat(alone.loadClass(GENERATOR).getClassLoader()).isSameAs(alone);
            Class<?> derivation = alone.loadClass(KeyDerivation.class.getName());
            var forRandomKey = derivation.getDeclaredMethod("forRandomKey", java.security.SecureRandom.class);
            Object argon2 = forRandomKey.invoke(null, new java.security.SecureRandom());
            byte[] derived =
                    (byte[]) derivation.getMethod("derive", byte[].class).invoke(argon2, new byte[32]);
            assertThat(derived).hasSize(32).isNotEqualTo(new byte[32]);
        }
    }

    @Test
    void carriesLittle() throws Exception {
        Path bundle = Path.of(KeyDerivation.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        try (var files = Files.walk(bundle.resolve("org/bouncycastle"))) {
            long octets = files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
            assertThat(octets).isBetween(20_000L, 200_000L);
        }
        assertThat(Arrays.asList(java.security.Security.getProviders()))
                .noneMatch(one -> one.getName().equals("BC"));
    }
}
