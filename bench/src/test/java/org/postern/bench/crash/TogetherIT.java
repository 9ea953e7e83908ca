// SPDX-License-Identifier: Apache-2.0
package org.postern.bench.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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

    @TempDir
    private Path folder;

    private final List<RelayProcess> nodes = new ArrayList<>();
    private MailPeer peer;
    private PostgresqlServer database;

    @BeforeEach
    void start() throws Exception {
        assumeTrue(PostgresqlServer.isInstalled(), "PostgreSQL is not installed (apt-get install postgresql)");
        peer = MailPeer.builder()
                .mechanisms("PLAIN")
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

    private void begin(String password, String limits) throws IOException {
        // At one path, as it is on machines of one cluster: it is part of what names an account.
        Path configuration = Files.writeString(
                folder.resolve("postern.conf"),
                """
                TLS = "no"
                Gateway = "localhost:%d"
                Outbound_SMTP_AUTH_Type = "PLAIN"
                Outbound_SMTP_AUTH_User = "reports"
                Outbound_SMTP_AUTH_Pass = "%s"
                %s
                ESMTP_Listener { Listen "127.0.0.1:0" { } }
                """.formatted(peer.port(), password, limits) + database.stanza(folder, 5));
        for (int i = 0; i < NODES; i++) {
            nodes.add(RelayProcess.start(HOME, configuration, Files.createDirectories(folder.resolve("node" + i))));
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
                for (String line :
                        List.of("MAIL FROM:<a@load.example>", "RCPT TO:<b@peer.example>", "DATA", "x\r\n.")) {
                    wire.say(line);
                    wire.flush();
                    assertThat(wire.reply()).matches("(250|354) .*");
                }
            }
        }
    }

    @Test
    void threeRelaysSendNoMoreForAnAccountThanItsLimitAllowsOne() throws Exception {
        begin("right", "Outbound_SMTP_AUTH_Limits = \"messages=" + LIMIT + "/h\"");
        for (RelayProcess node : nodes) {
            send(node, LIMIT + 5);
        }
        for (RelayProcess node : nodes) {
            node.awaitSaid("has used up its limit messages=" + LIMIT + "/h");
        }
        assertThat(peer.messageCount()).isLessThanOrEqualTo(LIMIT);
        // What one of them was just sending when the others said so.
        while (peer.messageCount() < LIMIT) {
            Setup.rest(20);
        }
        assertThat(peer.messageCount()).isEqualTo(LIMIT);
    }

    @Test
    void theOnlySessionThatAnAccountMayHaveServesTheMailOfAllThree() throws Exception {
        begin("right", "Outbound_SMTP_AUTH_Limits = \"sessions=1\"");
        for (RelayProcess node : nodes) {
            send(node, 10);
        }
        while (peer.messageCount() < NODES * 10) {
            Setup.rest(20);
        }
        assertThat(peer.messageCount()).isEqualTo(NODES * 10);
    }

    @Test
    void threeRelaysTryAWrongPasswordAsSeldomAsOne() throws Exception {
        begin("wrong", "");
        Instant begun = Instant.now();
        for (RelayProcess node : nodes) {
            send(node, 10);
        }
        for (RelayProcess node : nodes) {
            node.awaitSaid("was refused");
        }
        long probes = Duration.between(begun, Instant.now()).toMinutes();
        assertThat(peer.failedLogins()).isBetween(1L, 1 + probes);
    }
}
