// SPDX-License-Identifier: Apache-2.0
package org.postern.bench.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.bench.LineWire;
import org.postern.bench.PostgresqlServer;
import org.postern.peer.MailPeer;

/** What holds over three relays as they ship, with one database, before a peer that counts. */
@Timeout(900)
class TogetherIT {

    private static final Path HOME = Path.of(System.getProperty("postern.home"));
    private static final int NODES = 3;
    private static final int LIMIT = 20;
    /** No relay ends here, and on a busy machine three take seconds to start. */
    private static final int LEASE_SECONDS = 60;

    @TempDir
    private Path folder;

    private final List<RelayProcess> nodes = new ArrayList<>();
    private MailPeer peer;
    private PostgresqlServer database;

    @BeforeEach
    void start() throws Exception {
        assumeTrue(PostgresqlServer.isInstalled(), "PostgreSQL is not installed (apt-get install postgresql)");
        peer = MailPeer.builder()
                .mechanisms("PLAIN", "XOAUTH2")
                .requireAuth()
                .account("reports", "right")
                .start();
        database = PostgresqlServer.create();
    }

    @AfterEach
    void stop() throws IOException {
        nodes.forEach(RelayProcess::close);
        if (database != null) {
            database.close();
            peer.close();
        }
    }

    private void begin(String accounts) throws IOException {
        // At one path, as it is on machines of one cluster: it is part of what names an account.
        Path configuration = Files.writeString(
                folder.resolve("postern.conf"),
                """
                TLS = "no"
                Gateway = "localhost:%d"
                ESMTP_Listener { Listen "127.0.0.1:0" { } }
                """.formatted(peer.port()) + accounts + database.stanza(folder, LEASE_SECONDS));
        for (int i = 0; i < NODES; i++) {
            nodes.add(RelayProcess.start(HOME, configuration, Files.createDirectories(folder.resolve("node" + i))));
        }
    }

    private static String password(String password, String limits) {
        return """
                Outbound_SMTP_AUTH_Type = "PLAIN"
                Outbound_SMTP_AUTH_User = "reports"
                Outbound_SMTP_AUTH_Pass = "%s"
                Outbound_SMTP_AUTH_Limits = "%s"
                """.formatted(password, limits);
    }

    /** An account whose token this provider hands out, and the secret for it. */
    private String token(int provider) throws IOException {
        Path secrets = Files.createDirectory(
                folder.resolve("secrets"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path secret = Files.createFile(
                secrets.resolve("application"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(secret, "secret of the application");
        Files.createFile(
                secrets.resolve("application.user"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(secrets.resolve("application.user"), "application");
        return """
                Credential_File { Directory = "%s" }
                Credential_OAuth {
                  Account "relay" {
                    Token_Endpoint = "http://127.0.0.1:%d/token"
                    Client_Id = "application"
                    Client_Secret_Key = "application"
                    Grant = "client_credentials"
                    User = "reports"
                  }
                }
                Outbound_SMTP_AUTH_Type = "XOAUTH2"
                Outbound_SMTP_AUTH_Key = "relay"
                """.formatted(secrets, provider);
    }

    private void sendByAll(int messages) throws IOException {
        for (RelayProcess node : nodes) {
            send(node, messages);
        }
    }

    private void awaitAtPeer(int messages) {
        while (peer.messageCount() < messages) {
            Setup.rest(20);
        }
    }

    private void send(RelayProcess node, int messages) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), node.awaitReady())) {
            LineWire wire = new LineWire(socket);
            wire.reply();
            wire.say("EHLO load.example");
            wire.flush();
            wire.reply();
            for (int i = 0; i < messages; i++) {
                begin(wire);
                for (String line : List.of("RCPT TO:<b@peer.example>", "DATA", "x\r\n.")) {
                    assertThat(said(wire, line)).matches("(250|354) .*");
                }
            }
        }
    }

    /** On a busy machine a relay listens for seconds before its engine is there. */
    private static void begin(LineWire wire) throws IOException {
        while (!said(wire, "MAIL FROM:<a@load.example>").startsWith("250")) {
            Setup.rest(100);
        }
    }

    private static String said(LineWire wire, String line) throws IOException {
        wire.say(line);
        wire.flush();
        return wire.reply();
    }

    @Test
    void threeRelaysSendNoMoreForAnAccountThanItsLimitAllowsOne() throws Exception {
        begin(password("right", "messages=" + LIMIT + "/h"));
        sendByAll(LIMIT + 5);
        for (RelayProcess node : nodes) {
            node.awaitSaid("has used up its limit messages=" + LIMIT + "/h");
        }
        assertThat(peer.messageCount()).isLessThanOrEqualTo(LIMIT);
        // What one of them was just sending when the others said so.
        awaitAtPeer(LIMIT);
        assertThat(peer.messageCount()).isEqualTo(LIMIT);
    }

    @Test
    void theOnlySessionThatAnAccountMayHaveServesTheMailOfAllThree() throws Exception {
        begin(password("right", "sessions=1"));
        sendByAll(10);
        awaitAtPeer(NODES * 10);
        assertThat(peer.messageCount()).isEqualTo(NODES * 10L);
    }

    @Test
    void threeRelaysTryAWrongPasswordAsSeldomAsOne() throws Exception {
        begin(password("wrong", "sessions=2"));
        Instant begun = Instant.now();
        sendByAll(10);
        for (RelayProcess node : nodes) {
            node.awaitSaid("was refused");
        }
        long probes = Duration.between(begun, Instant.now()).toMinutes();
        assertThat(peer.failedLogins()).isBetween(1L, 1 + probes);
    }

    /** What an operator sees who asks the first node. */
    private String operator(String verb, String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                HOME.resolve("postern").toString(),
                verb,
                "--instance",
                folder.resolve("node0").resolve("state").toString()));
        command.addAll(List.of(words));
        Path said = folder.resolve("operator.log");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        int code = builder.start().waitFor();
        assertThat(code)
                .as("exit code of %s: %s", command, Files.readString(said))
                .isZero();
        return Files.readString(said);
    }

    private static long lines(String said, String pattern) {
        return said.lines().filter(line -> line.matches(pattern)).count();
    }

    @Test
    void anOperatorWhoAsksOneNodeSeesAndChangesWhatAllThreeHave() throws Exception {
        begin(password("wrong", "sessions=2"));
        sendByAll(2);
        for (RelayProcess node : nodes) {
            node.awaitSaid("was refused");
        }
        String listed = operator("queue", "list", "--all-nodes");
        assertThat(lines(listed, ".+ \\(life [0-9]+\\)")).as(listed).isEqualTo(NODES);
        assertThat(lines(listed, ".*<a@load.example>, <b@peer.example>"))
                .as(listed)
                .isEqualTo(NODES * 2);
        // What is just being tried is left alone, and comes back.
        String onHold = "";
        while (lines(onHold, ".*\"state\": \"on-hold\".*") < NODES * 2) {
            operator("queue", "hold", "--all", "--all-nodes");
            onHold = operator("queue", "list", "--state", "on-hold", "--all-nodes", "--json");
        }
        assertThat(onHold.lines())
                .allSatisfy(line -> assertThat(line).matches("\\{\"node\": \".+ \\(life [0-9]+\\)\",.*"));
        String credentials = operator("credentials", "--all-nodes");
        assertThat(lines(credentials, ".+ \\(life [0-9]+\\)")).as(credentials).isEqualTo(NODES);
        assertThat(credentials).contains("refused");
        operator("queue", "remove", "--all", "--yes", "--all-nodes");
        assertThat(operator("queue", "list", "--all-nodes", "--json")).isEmpty();
    }

    @Test
    void oneRequestForATokenServesAllThree() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        HttpServer provider = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        provider.createContext("/token", exchange -> {
            byte[] answer = ("{\"access_token\":\"token-" + requests.incrementAndGet()
                            + "\",\"token_type\":\"Bearer\",\"expires_in\":3600}")
                    .getBytes(StandardCharsets.US_ASCII);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        provider.start();
        try {
            peer.account("reports", "token-1");
            begin(token(provider.getAddress().getPort()));
            sendByAll(5);
            awaitAtPeer(NODES * 5);
            assertThat(requests).hasValue(1);
            assertThat(peer.failedLogins()).isZero();
        } finally {
            provider.stop(0);
        }
    }
}
