// SPDX-License-Identifier: Apache-2.0
package org.postern.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.postern.itests.Instance.eventually;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.peer.CertificateVariant;
import org.postern.peer.MailPeer;
import org.postern.peer.ReceivedMessage;
import org.postern.peer.TestAuthority;

/** What a 250 promised is kept, whenever the process ends. */
@Timeout(120)
class CrashIT {

    /** Configurations are counted from the first attempt on, and the first may have come before all bundles were there. */
    private static final Pattern STAYS = Pattern.compile("configuration [0-9]+ stays in force");

    private static final int KILLS = 5;
    private static final int CONNECTIONS = 4;

    @TempDir
    private Path folder;

    private final TestAuthority authority = TestAuthority.create();
    private Path configuration;

    @BeforeEach
    void makeInstance() throws IOException {
        configuration = folder.resolve("postern.conf");
        authority.writeRootPem(folder.resolve("ca.pem"));
    }

    private MailPeer peer(Duration latency) throws IOException {
        return MailPeer.builder()
                .startTls(authority.issue(CertificateVariant.GOOD))
                .requireTls()
                .mechanisms("PLAIN")
                .requireAuth()
                .account("alice", "wonderland")
                .latency(latency)
                .start();
    }

    private void configure(String listen, MailPeer peer) throws IOException {
        Files.writeString(configuration, """
                ESMTP_Listener { Listen "%s" {} }
                Spool_Local { }
                TLS_CA = "ca.pem"
                Max_Outbound_Connections = %d
                Domain "peer.example" {
                  Routes = ( "smtp://localhost:%d" )
                  TLS = "required"
                  TLS_Verify = "host"
                  Outbound_SMTP_AUTH_Type = "PLAIN"
                  Outbound_SMTP_AUTH_User = "alice"
                  Outbound_SMTP_AUTH_Pass = "wonderland"
                }
                """.formatted(listen, CONNECTIONS, peer.port()));
    }

    private void configure(MailPeer peer) throws IOException {
        configure("127.0.0.1:0", peer);
    }

    /** Sends as fast as it can until told to stop or the relay is gone, and keeps the account. */
    private static final class Sender implements Runnable {

        private final Set<String> accepted = ConcurrentHashMap.newKeySet();
        private final Set<String> doubtful = ConcurrentHashMap.newKeySet();
        private volatile int port;
        private int number;

        Thread against(RelayProcess relay) {
            port = relay.port();
            return Thread.ofPlatform().name("sender").start(this);
        }

        @Override
        public void run() {
            try (Courier courier = new Courier(port)) {
                while (true) {
                    send(courier, "m" + number++ + "@peer.example");
                }
            } catch (IOException killed) {
                // As expected.
            }
        }

        private void send(Courier courier, String recipient) throws IOException {
            try {
                courier.send("sender@example.org", List.of(recipient), content(recipient));
                accepted.add(recipient);
            } finally {
                if (courier.isDoubtful()) {
                    doubtful.add(recipient);
                }
            }
        }
    }

    private static byte[] content(String recipient) {
        String text = "To: " + recipient + "\r\nSubject: gr\u00fc\u00dfe\r\n\r\n.\r\n..x\r\n"
                + "0123456789abcdef\r\n".repeat(Math.floorMod(recipient.hashCode(), 900));
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void keepsEveryAcceptedMessageThroughFiveKills() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Sender sender = new Sender();
        List<Instant> kills = new ArrayList<>();
        try (MailPeer peer = peer(Duration.ofMillis(1))) {
            configure(peer);
            for (int i = 0; i < KILLS; i++) {
                try (RelayProcess relay = RelayProcess.start(configuration).ready()) {
                    Thread sending = sender.against(relay);
                    int goal = sender.accepted.size() + 1 + random.nextInt(150);
                    eventually(() -> sender.accepted.size() >= goal);
                    relay.kill();
                    kills.add(Instant.now());
                    sending.join(20_000);
                }
            }
            try (RelayProcess relay = RelayProcess.start(configuration).ready()) {
                eventually(() -> recipients(peer).containsAll(sender.accepted));
                relay.signal("TERM");
                assertThat(relay.exitCode()).as(relay.said()).isZero();
            }
            check(peer, sender, kills, "seed " + seed);
        }
    }

    private static Set<String> recipients(MailPeer peer) {
        return peer.messages().stream()
                .flatMap(message -> message.recipients().stream())
                .collect(Collectors.toSet());
    }

    private static void check(MailPeer peer, Sender sender, List<Instant> kills, String seed) {
        Map<String, List<ReceivedMessage>> arrivals = new HashMap<>();
        peer.messages()
                .forEach(message -> arrivals.computeIfAbsent(
                                String.join(",", message.recipients()), ignored -> new ArrayList<>())
                        .add(message));
        arrivals.forEach((recipient, messages) -> {
            assertThat(sender.accepted.contains(recipient) || sender.doubtful.contains(recipient))
                    .as(recipient + ", " + seed)
                    .isTrue();
            messages.forEach(message -> assertThat(Load.withoutTrace(message.content()))
                    .as(recipient + ", " + seed)
                    .isEqualTo(content(recipient)));
        });
        List<ReceivedMessage> twice = arrivals.values().stream()
                .filter(messages -> messages.size() > 1)
                .map(List::getFirst)
                .toList();
        assertThat(twice)
                .as(seed)
                .hasSizeLessThanOrEqualTo(KILLS * CONNECTIONS)
                .allMatch(message -> inFlight(message, kills));
    }

    /** Whether the relay may have died before it could note that the message was delivered. */
    private static boolean inFlight(ReceivedMessage message, List<Instant> kills) {
        return kills.stream()
                .map(kill -> Duration.between(message.when(), kill))
                .anyMatch(before -> !before.isNegative() && before.compareTo(Duration.ofSeconds(1)) < 0);
    }

    @Test
    void finishesWhatIsUnderWayOnTermAndKeepsTheRest() throws Exception {
        List<String> sent = new ArrayList<>();
        try (MailPeer peer = peer(Duration.ofMillis(40))) {
            configure(peer);
            try (RelayProcess relay = RelayProcess.start(configuration).ready()) {
                try (Courier courier = new Courier(relay.port())) {
                    for (int i = 0; i < 30; i++) {
                        sent.add("t" + i + "@peer.example");
                        courier.send("s@example.org", List.of(sent.getLast()), content(sent.getLast()));
                    }
                }
                eventually(() -> peer.messageCount() > 0);
                relay.signal("TERM");
                assertThat(relay.exitCode()).as(relay.said()).isZero();
            }
            peer.latency(Duration.ZERO);
            try (RelayProcess relay = RelayProcess.start(configuration).ready()) {
                eventually(() -> recipients(peer).containsAll(sent));
                relay.signal("TERM");
                assertThat(relay.exitCode()).as(relay.said()).isZero();
            }
            assertThat(peer.messageCount()).as("none was sent twice").isEqualTo(30);
        }
    }

    @Test
    void readsTheConfigurationAgainOnHup() throws Exception {
        try (MailPeer first = peer(Duration.ZERO);
                MailPeer second = peer(Duration.ZERO)) {
            configure(first);
            try (RelayProcess relay = RelayProcess.start(configuration).ready();
                    Courier courier = new Courier(relay.port())) {
                courier.send("s@example.org", List.of("a@peer.example"), content("a"));
                eventually(() -> first.messageCount() == 1);
                configure(second);
                relay.signal("HUP");
                // What was seen in the file a moment before the signal is in force by now.
                eventually(() -> relay.said().contains("is in force, 1 changed")
                        || relay.said().contains("nothing changed; configuration "));
                courier.send("s@example.org", List.of("b@peer.example"), content("b"));
                eventually(() -> second.messageCount() == 1);
                assertThat(first.messageCount()).isEqualTo(1);
                Files.writeString(configuration, "Domain \"peer.example\" {");
                relay.signal("HUP");
                eventually(() -> STAYS.matcher(relay.said()).find());
                assertThat(relay.said()).contains("postern.conf:1:");
                courier.send("s@example.org", List.of("c@peer.example"), content("c"));
                eventually(() -> second.messageCount() == 2);
            }
        }
    }

    @Test
    void endsWith3WhereTheConfigurationIsWrong() throws Exception {
        Files.writeString(configuration, "ESMTP_Listener { Listen \"127.0.0.1:0\" {} }\nTLSS = \"required\"\n");
        try (RelayProcess relay = RelayProcess.start(configuration)) {
            assertThat(relay.exitCode()).as(relay.said()).isEqualTo(3);
            assertThat(relay.said()).contains("postern.conf:2:1:").contains("TLSS");
        }
        Files.delete(configuration);
        try (RelayProcess relay = RelayProcess.start(configuration)) {
            assertThat(relay.exitCode()).as(relay.said()).isEqualTo(3);
            assertThat(relay.said().lines()).hasSize(1).first().asString().contains("postern.conf is missing");
        }
    }

    @Test
    void endsWith4AndOneLineWhereThePortIsTaken() throws Exception {
        try (MailPeer peer = peer(Duration.ZERO)) {
            configure("127.0.0.1:" + peer.port(), peer);
            try (RelayProcess relay = RelayProcess.start(configuration)) {
                assertThat(relay.exitCode()).as(relay.said()).isEqualTo(4);
                assertThat(complaints(relay)).hasSize(1).first().asString().contains("127.0.0.1:" + peer.port());
            }
        }
    }

    @Test
    void endsWith4AndOneLineWhereTheStateCannotBeKept() throws Exception {
        try (MailPeer peer = peer(Duration.ZERO)) {
            configure(peer);
            Path noDirectory = Files.createFile(folder.resolve("file"));
            for (String state : List.of(noDirectory.toString(), noDirectory + "/below", "/proc/postern")) {
                try (RelayProcess relay = RelayProcess.start(configuration, "--state", state)) {
                    assertThat(relay.exitCode()).as(relay.said()).isEqualTo(4);
                    assertThat(complaints(relay))
                            .as(relay.said())
                            .hasSize(1)
                            .first()
                            .asString()
                            .contains(state);
                    assertThat(relay.said()).doesNotContain("\tat ");
                }
            }
        }
    }

    @Test
    void endsWith4WhereAnotherRelayHasTheState() throws Exception {
        try (MailPeer peer = peer(Duration.ZERO)) {
            configure(peer);
            try (RelayProcess first = RelayProcess.start(configuration).ready();
                    RelayProcess second = RelayProcess.start(configuration)) {
                assertThat(second.exitCode()).as(second.said()).isEqualTo(4);
                assertThat(complaints(second)).hasSize(1).first().asString().contains("in use by another Postern");
                try (Courier courier = new Courier(first.port())) {
                    courier.send("s@example.org", List.of("a@peer.example"), content("a"));
                }
                eventually(() -> peer.messageCount() == 1);
            }
        }
    }

    private static List<String> complaints(RelayProcess relay) {
        return relay.said().lines().filter(line -> line.startsWith("postern: ")).toList();
    }
}
