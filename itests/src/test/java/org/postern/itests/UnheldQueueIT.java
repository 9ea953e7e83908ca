// SPDX-License-Identifier: Apache-2.0
package org.postern.itests;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.launcher.control.ControlClient;
import org.postern.peer.MailPeer;
import org.postern.testkit.database.PostgresqlServer;

/** What an operator does, by the command line, with mail most of which is in the database and in no relay's memory. */
@Timeout(300)
class UnheldQueueIT {

    private static final int MESSAGES = 120;
    private static final int MAX_HELD = 50;
    private static final Pattern NOT_IN_MEMORY =
            Pattern.compile("\"id\": \"([^\"]+)\".*\"inMemory\": false", Pattern.MULTILINE);

    @TempDir
    private Path folder;

    private PostgresqlServer server;
    private MailPeer peer;
    private RelayProcess relay;

    @BeforeEach
    void startWithMoreThanFitsIntoMemory() throws Exception {
        assumeTrue(PostgresqlServer.isInstalled(), PostgresqlServer.MISSING);
        server = PostgresqlServer.create();
        peer = MailPeer.builder().start();
        Files.writeString(
                Files.createFile(folder.resolve("database-password"), LiveSecret.permissions("rw-------")),
                PostgresqlServer.PASSWORD);
        configure(true);
        relay = RelayProcess.start(folder.resolve("postern.conf")).ready();
        try (Courier courier = new Courier(relay.port())) {
            for (int i = 0; i < MESSAGES; i++) {
                String content = "Subject: " + i + "\r\n\r\nhello\r\n";
                courier.send("sender@example.org", List.of("m" + i + "@a.example"), content.getBytes(US_ASCII));
            }
        }
    }

    @AfterEach
    void stop() {
        if (server != null) {
            relay.close();
            peer.close();
            server.close();
        }
    }

    private void configure(boolean suspended) throws IOException {
        Files.writeString(folder.resolve("postern.conf"), """
                ESMTP_Listener { Listen "127.0.0.1:0" {} }
                Spool_PostgreSQL {
                  URL = "%s"
                  User = "%s"
                  Password_File = "database-password"
                  Max_Held = %d
                }
                TLS = "no"
                Suspend_Delivery = %s
                Domain "a.example" { Routes = ( "smtp://localhost:%d" ) }
                """.formatted(
                        server.url(), PostgresqlServer.USER, MAX_HELD, suspended, peer.port()));
    }

    /** Asks the relay as the command line does, without the start of a process. Returns what it printed. */
    private String verb(String verb, String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        try {
            int code = new ControlClient(
                            InputStream.nullInputStream(),
                            new PrintStream(out, true, UTF_8),
                            new PrintStream(err, true, UTF_8))
                    .run(folder, verb, List.of(words));
            assertThat(code).as(out + "\n" + err).isZero();
            return out.toString(UTF_8);
        } catch (IOException failed) {
            throw new AssertionError(failed + "\n" + relay.said(), failed);
        }
    }

    private String tally(String... filter) {
        String[] words = new String[filter.length + 2];
        words[0] = "list";
        words[1] = "--summary";
        System.arraycopy(filter, 0, words, 2, filter.length);
        return verb("queue", words).lines().toList().getLast();
    }

    private static void await(Callable<Boolean> condition) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofMillis(250))
                .until(condition);
    }

    @Test
    void findsShowsHoldsRemovesAndReleasesWhatNoRelayHasInMemory() throws Exception {
        assertThat(tally()).startsWith("120 entries of 120 messages for 1 destination,");
        assertThat(tally("--in-memory")).startsWith("50 entries of 50 messages");
        assertThat(tally("--reason", "no relay has it in memory")).startsWith("70 entries of 70 messages");
        assertThat(verb("queue", "show", oneThatIsNotInMemory())).contains("Subject: ", "a.example by default: ready");

        // What the relay takes up while the command goes on is held by the next one.
        await(() -> {
            verb("queue", "hold", "--all");
            return tally("--state", "on-hold").startsWith("120 entries of 120 messages");
        });
        assertThat(verb("queue", "remove", "--yes", oneThatIsNotInMemory())).isEqualTo("1 removed\n");
        assertThat(tally()).startsWith("119 entries of 119 messages");

        configure(false);
        verb("reload");
        await(() -> {
            verb("queue", "release", "--all");
            return tally().equals("nothing waits");
        });
        assertThat(peer.messages().stream().flatMap(message -> message.recipients().stream()))
                .hasSize(119)
                .doesNotHaveDuplicates();
    }

    private String oneThatIsNotInMemory() {
        Matcher found = NOT_IN_MEMORY.matcher(verb("queue", "list", "--json"));
        assertThat(found.find()).isTrue();
        return found.group(1);
    }
}
