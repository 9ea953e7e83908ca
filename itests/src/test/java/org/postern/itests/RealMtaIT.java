// SPDX-License-Identifier: Apache-2.0
package org.postern.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.postern.itests.Instance.eventually;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.peer.CertificateVariant;
import org.postern.peer.MailPeer;
import org.postern.peer.ReceivedMessage;
import org.postern.peer.TestAuthority;

/** Delivery to a server that nobody here wrote: Postfix with Dovecot's SASL. What it passes on is compared. */
@Timeout(120)
class RealMtaIT {

    @TempDir
    private Path folder;

    @TempDir
    private static Path shared;

    private static MailPeer end;
    private static Postfix postfix;
    private Path configuration;
    private int arrivedBefore;
    private int loggedBefore;

    @BeforeAll
    static void startPostfix() throws Exception {
        Optional<String> obstacle = Postfix.obstacle();
        assumeTrue(obstacle.isEmpty(), () -> "SKIPPED, no real MTA: " + obstacle.orElseThrow());
        TestAuthority authority = TestAuthority.create();
        authority.writeRootPem(shared.resolve("ca.pem"));
        end = MailPeer.builder().start();
        postfix = Postfix.start(
                authority.issue(CertificateVariant.GOOD),
                Map.of("alice", "wonderland", "b\u00f6b", "b\u00fc ilder\"%"),
                end.port());
    }

    @BeforeEach
    void note() {
        configuration = folder.resolve("postern.conf");
        arrivedBefore = end.messages().size();
        loggedBefore = postfix.mailLog().size();
    }

    private List<ReceivedMessage> arrived() {
        return end.messages().stream().skip(arrivedBefore).toList();
    }

    private List<String> mailLog() {
        return postfix.mailLog().stream().skip(loggedBefore).toList();
    }

    @AfterAll
    static void stopPostfix() throws Exception {
        if (postfix != null) {
            postfix.close();
        }
        if (end != null) {
            end.close();
        }
    }

    private void configure(String mechanism, String user, String password) throws IOException {
        Files.writeString(configuration, """
                ESMTP_Listener { Listen "127.0.0.1:0" {} }
                Spool_Local { }
                TLS_CA = "%s"
                Max_Deliveries_Per_Connection = 2
                Domain "mta.example" {
                  Routes = ( "smtp://localhost:%d" )
                  TLS = "required"
                  TLS_Verify = "host"
                  Outbound_SMTP_AUTH_Type = "%s"
                  Outbound_SMTP_AUTH_User = "%s"
                  Outbound_SMTP_AUTH_Pass = "%s"
                }
                """.formatted(
                        shared.resolve("ca.pem"), postfix.port(), mechanism, user, password.replace("\"", "\\\"")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAIN", "LOGIN"})
    void deliversEveryKindOfMessageOctetForOctet(String mechanism) throws Exception {
        configure(mechanism, "alice", "wonderland");
        Map<String, byte[]> messages = messages();
        try (RelayProcess relay = RelayProcess.start(configuration).ready()) {
            sendAll(relay, messages);
            eventually(() -> arrived().size() == messages.size());
            relay.signal("TERM");
            assertThat(relay.exitCode()).as(relay.said()).isZero();
        }
        assertThat(arrived()).hasSameSizeAs(messages.keySet()).allSatisfy(message -> compare(message, messages));
        assertThat(mailLog())
                .filteredOn(line -> line.contains("sasl_method="))
                .hasSize(messages.size())
                .allMatch(line -> line.contains("sasl_method=" + mechanism + ", sasl_username=alice"));
    }

    private static void sendAll(RelayProcess relay, Map<String, byte[]> messages) throws IOException {
        try (Courier courier = new Courier(relay.port())) {
            for (Map.Entry<String, byte[]> message : messages.entrySet()) {
                courier.send("sender@example.org", List.of(message.getKey() + "@mta.example"), message.getValue());
            }
        }
    }

    // The listener and Postfix have each put a Received field on top.
    private static void compare(ReceivedMessage message, Map<String, byte[]> messages) {
        String name = message.recipients().getFirst().replaceFirst("@.*", "");
        byte[] arrived = Load.withoutTrace(Load.withoutTrace(message.content()));
        assertThat(Arrays.equals(arrived, messages.get(name))).as(name).isTrue();
    }

    private static Map<String, byte[]> messages() {
        Map<String, byte[]> messages = new LinkedHashMap<>();
        messages.put("empty", message(""));
        messages.put("dots", message(".\r\n..\r\n...\r\n.a\r\n\r\n.\r\n"));
        messages.put("from", message("From here on\r\n>From there\r\n"));
        messages.put("umlauts", message("gr\u00fc\u00dfe aus k\u00f6ln \u20ac \ud83d\udce8\r\n"));
        messages.put("latin", concatenation(message(""), new byte[] {(byte) 0xE4, (byte) 0xFF, '\r', '\n'}));
        messages.put("blank", message("\r\n\r\n \r\n\t\r\n"));
        messages.put("lines", message(("x".repeat(998) + "\r\n" + "." + "y".repeat(997) + "\r\n").repeat(20)));
        messages.put("long", message(noise(3_000_000)));
        return messages;
    }

    private static byte[] message(String body) {
        return ("From: sender@example.org\r\nTo: x@mta.example\r\nDate: Mon, 1 Jan 2035 00:00:00 +0000\r\n"
                        + "Message-ID: <1@example.org>\r\nSubject: test\r\n\r\n" + body)
                .getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] concatenation(byte[] first, byte[] second) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(first);
        out.writeBytes(second);
        return out.toByteArray();
    }

    /** Lines of any length, many of them with dots in front. */
    private static String noise(int octets) {
        Random random = new Random(4954);
        StringBuilder text = new StringBuilder(octets + 1_000);
        while (text.length() < octets) {
            text.append(".".repeat(random.nextInt(4)))
                    .append("z".repeat(random.nextInt(200)))
                    .append("\r\n");
        }
        return text.toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAIN", "LOGIN"})
    void knowsUsersAndPasswordsBeyondAscii(String mechanism) throws Exception {
        configure(mechanism, "b\u00f6b", "b\u00fc ilder\"%");
        try (RelayProcess relay = RelayProcess.start(configuration).ready()) {
            sendAll(relay, Map.of("beyond", message("")));
            eventually(() -> arrived().size() == 1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAIN", "LOGIN"})
    void holdsMailAfterOneLoginWithAWrongPasswordAndDeliversWithTheRightOne(String mechanism) throws Exception {
        configure(mechanism, "alice", "wrong");
        try (RelayProcess relay = RelayProcess.start(configuration).ready()) {
            sendAll(relay, Map.of("a", message("a\r\n"), "b", message("b\r\n"), "c", message("c\r\n")));
            eventually(() -> refusedLogins() == 1);
            eventually(() -> relay.said().contains("refused AUTH: 535"));

            configure(mechanism, "alice", "wonderland");
            relay.signal("HUP");

            eventually(() -> arrived().size() == 3);
            assertThat(refusedLogins()).isEqualTo(1);
            assertThat(relay.said()).doesNotContain("wonderland");
        }
    }

    @Test
    void tellsByXclientWhoHandedTheMessageInBeforeItLogsIn() throws Exception {
        configure("PLAIN", "alice", "wonderland");
        Files.writeString(
                configuration, "Domain \"mta.example\" { XCLIENT = \"required\" }\n", StandardOpenOption.APPEND);
        try (RelayProcess relay = RelayProcess.start(configuration).ready()) {
            sendAll(relay, Map.of("told", message("")));
            eventually(() -> arrived().size() == 1);
        }
        // Postfix looks the address of whoever connects up; what it is told by XCLIENT stands instead of that.
        assertThat(mailLog()).anyMatch(line -> line.contains(": connect from localhost[127.0.0.1]"));
        assertThat(mailLog())
                .anyMatch(line -> line.contains("client=unknown[127.0.0.1]") && line.contains("sasl_username=alice"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ifavailable", "no"})
    void sendsAMessageBehindAnotherThatItTakesLongToAnswer(String chunking) throws Exception {
        configure("PLAIN", "alice", "wonderland");
        Path transcript = folder.resolve("transcript");
        Files.writeString(configuration, """
                Transcript_File = "%s"
                Domain "mta.example" {
                  Max_Outbound_Connections = 1
                  Max_Deliveries_Per_Connection = 0
                  Outbound_Chunking = "%s"
                }
                """.formatted(transcript, chunking), StandardOpenOption.APPEND);
        try (RelayProcess relay = RelayProcess.start(configuration).ready()) {
            try (Courier courier = new Courier(relay.port())) {
                for (int i = 0; i < 6; i++) {
                    courier.send("sender@example.org", List.of(Postfix.FAR), message("number " + i + "\r\n"));
                }
            }
            eventually(() -> arrived().size() == 6);
        }
        assertThat(arrived())
                .extracting(
                        message -> new String(message.content(), StandardCharsets.UTF_8).replaceAll("(?s).*number", ""))
                .doesNotHaveDuplicates();
        // Where no message is refused, RSET only goes before one that does not wait for the reply to the one before it.
        assertThat(Files.readString(transcript)).contains("RSET");
    }

    private long refusedLogins() {
        return mailLog().stream()
                .filter(line -> line.contains("authentication failed"))
                .count();
    }
}
