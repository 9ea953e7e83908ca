// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.spi.credential.Lookup;
import org.postern.spi.credential.PasswordCredential;
import org.postern.spi.credential.Secret;

/** Files that change while they are read. */
class WatchedSecretTest {

    private final AtomicLong now = new AtomicLong();
    private final AtomicInteger restless = new AtomicInteger();

    @TempDir
    private Path directory;

    private Path password;
    private WatchedSecret secret;

    @BeforeEach
    void begin() throws IOException {
        password = SecretFiles.write(directory.resolve("key").resolve("password"), "first");
        SecretReader reader = new SecretReader();
        secret = new WatchedSecret(
                "key",
                new SecretFolders(List.of(new SecretFolder(directory, Readers.OWNER, true))),
                sighting -> {
                    Reading reading = reader.read(sighting);
                    changeIfRestless();
                    return reading;
                },
                now::get);
    }

    private void changeIfRestless() {
        int left = restless.getAndUpdate(count -> Math.max(0, count - 1));
        if (left > 0) {
            try {
                SecretFiles.write(password, "second" + "!".repeat(left));
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    private void assertAnswerIs(String expected) {
        try (PasswordCredential found = (PasswordCredential) ((Lookup.Found) secret.lookup()).credential()) {
            assertThat(found.password().equals(Secret.of(expected)))
                    .as(expected)
                    .isTrue();
        }
    }

    @Test
    void areReadOnceTheyAreStillHoweverLongNobodyLooksAfterThat() throws Exception {
        assertAnswerIs("first");
        SecretFiles.write(password, "second");
        restless.set(3);
        pass(WatchedSecret.INTERVAL);
        assertAnswerIs("first");

        pass(Duration.ofMinutes(1));
        assertAnswerIs("first");
        pass(WatchedSecret.STILL);
        assertAnswerIs("second!");
    }
}
