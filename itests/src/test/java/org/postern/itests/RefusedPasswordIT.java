// SPDX-License-Identifier: Apache-2.0
package org.postern.itests;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.peer.MailPeer;

/** Very much mail waits behind a password that is wrong. {@code -Dpostern.refused.messages=100000} makes it more. */
@Timeout(900)
class RefusedPasswordIT {

    private static final int MESSAGES = Integer.getInteger("postern.refused.messages", 10_000);
    private static final int SENDERS = 4;
    /** When probes are due, in minutes after the first refusal, as long as this test could take. */
    private static final List<Integer> PROBES = List.of(0, 1, 3, 8, 23);

    @TempDir
    private Path folder;

    private static void eventually(Callable<Boolean> condition) {
        await().atMost(Duration.ofMinutes(10))
                .pollInterval(Duration.ofMillis(50))
                .until(condition);
    }

    private static void submit(int port, int sender) throws Exception {
        try (Courier courier = new Courier(port)) {
            for (int i = sender; i < MESSAGES; i += SENDERS) {
                courier.send(
                        "s@sender.example",
                        List.of("r" + i + "@peer.example"),
                        "Subject: waits\r\n\r\nfor a password\r\n".getBytes(US_ASCII));
            }
        }
    }

    private static void submitAll(int port) throws Exception {
        try (ExecutorService senders = Executors.newFixedThreadPool(SENDERS)) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < SENDERS; i++) {
                int sender = i;
                all.add(senders.submit(() -> {
                    submit(port, sender);
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
    }

    /** Two for each interval between probes that has begun. */
    private static long allowed(Instant begun) {
        long minutes = Duration.between(begun, Instant.now()).toMinutes();
        return 2 * PROBES.stream().filter(probe -> probe <= minutes).count();
    }

    @Test
    void costsTwoLoginsInEachIntervalAndNotOneMessage() throws Exception {
        try (RelayWithVault relay = new RelayWithVault(folder);
                MailPeer peer = relay.peer("alice", "the right one");
                MailPeer bounces = MailPeer.builder().start()) {
            relay.store("relay", "alice", "a wrong one");
            RelayProcess process = relay.start(
                    RelayWithVault.destination("peer.example", peer, "relay"),
                    "Domain \"sender.example\" { Routes = ( \"smtp://127.0.0.1:" + bounces.port() + "\" ) }");
            Instant begun = Instant.now();
            submitAll(process.port());
            Instant accepted = Instant.now();
            assertThat(peer.failedLogins()).isPositive().isLessThanOrEqualTo(allowed(begun));
            assertThat(relay.ask("credentials")).contains("vault:relay", "refused until");

            long before = peer.failedLogins();
            eventually(() -> peer.failedLogins() > before);
            assertThat(peer.failedLogins()).isLessThanOrEqualTo(allowed(begun));
            assertThat(peer.messageCount()).isZero();

            Instant mended = Instant.now();
            relay.store("relay", "alice", "the right one");
            eventually(() -> peer.messageCount() >= MESSAGES);
            Instant delivered = Instant.now();
            assertThat(peer.failedLogins()).isLessThanOrEqualTo(allowed(begun));
            process.signal("TERM");
            assertThat(process.exitCode()).as(process.said()).isZero();

            assertThat(peer.messages().stream().flatMap(one -> one.recipients().stream()))
                    .hasSize(MESSAGES)
                    .doesNotHaveDuplicates();
            assertThat(bounces.messageCount()).as("bounces").isZero();
            Path audit = relay.state().resolve("audit.log");
            assertThat(Verb.run("", "audit", "verify", audit.toString())).contains("nothing wrong");
            assertThat(Files.readString(audit)).doesNotContain("the right one", "a wrong one");
            assertThat(logins(audit, "refused")).isEqualTo(peer.failedLogins());
            assertThat(logins(audit, "succeeded")).isEqualTo(peer.logins());
            System.out.println(MESSAGES + " messages accepted in "
                    + Duration.between(begun, accepted).toSeconds() + " s, " + peer.failedLogins()
                    + " refused logins in " + Duration.between(begun, mended).toSeconds()
                    + " s, everything delivered "
                    + Duration.between(mended, delivered).toSeconds()
                    + " s after the password was stored, by " + peer.logins() + " logins");
        }
    }

    private static long logins(Path audit, String result) throws Exception {
        try (Stream<String> lines = Files.lines(audit)) {
            return lines.filter(line -> line.contains("\"event\":\"login\",\"result\":\"" + result + "\""))
                    .count();
        }
    }
}
