// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.spi.mail.MessageId;
import org.postern.spi.spool.SpooledMessage;

/** A real process is killed without warning while sixteen of its threads use the spool. */
@Timeout(120)
class KilledProcessTest {

    private static final int KILLS = 10;

    @TempDir
    private Path directory;

    private final Map<MessageId, Long> accepted = new HashMap<>();
    private final Set<MessageId> ending = new HashSet<>();
    private final Set<MessageId> ended = new HashSet<>();

    @Test
    void keepsWhatWasAcceptedThroughTenKills() throws Exception {
        Random random = new Random(7);
        for (int life = 0; life < KILLS; life++) {
            runAndKill(life, 50 + random.nextInt(1500));
            check();
        }
        assertThat(ended).hasSizeGreaterThan(100);
    }

    private void runAndKill(int life, int afterLines) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledProcess.class.getName(),
                        directory.resolve("spool").toString(),
                        Integer.toString(life))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader lines = process.inputReader(StandardCharsets.US_ASCII)) {
            int seen = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                note(line);
                if (++seen == afterLines) {
                    // Process.destroyForcibly would close the pipe as well, and with it what was said before.
                    process.toHandle().destroyForcibly();
                }
            }
            assertThat(seen).isGreaterThanOrEqualTo(afterLines);
        } finally {
            process.destroyForcibly();
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** A line that the kill cut off was not said. */
    private void note(String line) {
        String[] words = line.split(" ");
        if (words.length != 4 || !words[3].equals(".")) {
            return;
        }
        MessageId id = new MessageId(words[1]);
        switch (words[0]) {
            case "accepted" ->
                assertThat(accepted.put(id, Long.valueOf(words[2]))).isNull();
            case "ending" -> ending.add(id);
            case "ended" -> ended.add(id);
            default -> throw new AssertionError(line);
        }
    }

    private void check() throws IOException {
        try (LocalSpool spool = LocalSpool.open(
                DirectoryDisk.take(directory.resolve("spool")),
                KilledProcess.OPTIONS,
                InstantSource.system(),
                Mail.ALL_HELD)) {
            Map<MessageId, SpooledMessage> found = new HashMap<>();
            spool.recover(
                    message -> assertThat(found.put(message.id(), message)).isNull());
            for (Map.Entry<MessageId, Long> one : accepted.entrySet()) {
                MessageId id = one.getKey();
                if (ended.contains(id)) {
                    assertThat(found).doesNotContainKey(id);
                } else if (found.containsKey(id)) {
                    byte[] expected = KilledProcess.content(one.getValue());
                    assertThat(Mail.read(spool, id)).isEqualTo(expected);
                } else {
                    assertThat(ending).contains(id);
                }
            }
        }
    }
}
