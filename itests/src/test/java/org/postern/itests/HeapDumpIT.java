// SPDX-License-Identifier: Apache-2.0
package org.postern.itests;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.peer.MailPeer;
import org.postern.testkit.Canaries;

/** What is left of passwords in the memory of a relay that has used them often and has nothing to do. */
@Timeout(300)
class HeapDumpIT {

    private static final int LOGINS = 1_000;
    private static final Pattern WRAPPED =
            Pattern.compile("(?m)^ *\\d+: +(\\d+) +\\d+ +org\\.postern\\.spi\\.credential\\.SecretWrapping\\$Wrapped");

    @TempDir
    private Path folder;

    private final Canaries canaries = new Canaries();

    private static void eventually(Callable<Boolean> condition) {
        await().atMost(Duration.ofMinutes(3))
                .pollInterval(Duration.ofMillis(100))
                .until(condition);
    }

    private String jcmd(RelayProcess relay, String... command) throws IOException, InterruptedException {
        Path output = Files.createTempFile(folder, "jcmd", ".txt");
        List<String> line = new java.util.ArrayList<>(
                List.of(System.getProperty("java.home") + "/bin/jcmd", Long.toString(relay.pid())));
        line.addAll(List.of(command));
        Process process = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(output)).isZero();
        return Files.readString(output);
    }

    @Test
    void holdsOneWrappedCopyOfEachCachedSecretAndNoneInClear() throws Exception {
        String used = canaries.plant("the password that was used");
        String other = canaries.plant("the password that was not");
        canaries.watch("the response of PLAIN", ("\0alice\0" + used).getBytes(UTF_8));
        try (RelayWithVault relay = new RelayWithVault(folder);
                MailPeer peer = relay.peer("alice", used)) {
            relay.store("used", "alice", used);
            relay.store("other", "bob", other);
            RelayProcess process = relay.start(
                    "Max_Deliveries_Per_Connection = 1",
                    "Idle_Timeout = 1",
                    RelayWithVault.destination("peer.example", peer, "used"),
                    RelayWithVault.destination("other.example", peer, "other"));
            try (Courier courier = new Courier(process.port())) {
                for (int i = 0; i < LOGINS; i++) {
                    courier.send(
                            "s@sender.example",
                            List.of("r" + i + "@peer.example"),
                            "Subject: x\r\n\r\n".getBytes(US_ASCII));
                }
            }
            eventually(() -> peer.messageCount() == LOGINS);
            assertThat(peer.logins()).isGreaterThanOrEqualTo(LOGINS);
            eventually(() -> relay.ask("credentials", "--json").contains("\"sessions\": 0"));

            Path dump = folder.resolve("heap.hprof");
            jcmd(process, "GC.heap_dump", dump.toString());
            assertThat(dump).isNotEmptyFile();
            assertThat(canaries.findIn(dump)).isEmpty();
            // The search can see: names that are there are found.
            assertThat(new Canaries()
                            .watch("a name", "peer.example".getBytes(US_ASCII))
                            .findIn(dump))
                    .isNotEmpty();
            // The vault keeps each of its two entries once, and the engine the one that was used.
            assertThat(wrapped(jcmd(process, "GC.class_histogram"))).isLessThanOrEqualTo(3);
        }
    }

    private static long wrapped(String histogram) {
        Matcher line = WRAPPED.matcher(histogram);
        return line.find() ? Long.parseLong(line.group(1)) : 0;
    }
}
