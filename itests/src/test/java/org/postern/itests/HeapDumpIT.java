// SPDX-License-Identifier: Apache-2.0
package org.postern.itests;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.postern.itests.LiveSecret.permissions;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
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
import org.postern.testkit.database.PostgresqlServer;
import org.sqlite.SQLiteDataSource;

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
        List<String> line =
                new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/jcmd", Long.toString(relay.pid())));
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
        String used = plant("the password that was used");
        String other = plant("the password that was not");
        try (RelayWithVault relay = new RelayWithVault(folder);
                MailPeer peer = relay.peer("alice", used)) {
            relay.store("used", "alice", used);
            relay.store("other", "bob", other);
            RelayProcess process = start(
                    relay,
                    RelayWithVault.destination("peer.example", peer, "used"),
                    RelayWithVault.destination("other.example", peer, "other"));
            send(process, LOGINS, "peer.example");
            rests(relay, peer, LOGINS);
            noneIsInClear(process);
            // The vault keeps each of its two entries once, and the engine the one that was used.
            assertThat(wrapped(jcmd(process, "GC.class_histogram"))).isBetween(1L, 3L);
        }
    }

    @Test
    void holdsNoneInClearOfFilesOfATableAndOfAServer() throws Exception {
        String file = plant("the password in a file");
        String row = plant("the password in a table");
        String entry = plant("the password of HashiCorp Vault");
        // Not looked for: what opens a store stays in the JDK's HTTP client, in clear.
        String secretId = new Canaries().plant("the secret ID of an AppRole");
        int each = LOGINS / 3;
        try (RelayWithVault relay = new RelayWithVault(folder);
                VaultService server = new VaultService(relay.tlsServer(), secretId);
                MailPeer filed = relay.peer("alice", file);
                MailPeer listed = relay.peer("alice", row);
                MailPeer served = relay.peer("alice", entry)) {
            write(folder.resolve("secret-id"), secretId);
            Files.createDirectory(folder.resolve("secrets"), permissions("rwx------"));
            write(folder.resolve("secrets/filed"), file);
            write(folder.resolve("secrets/filed.user"), "alice");
            server.put("served", "alice", entry);
            RelayProcess process = start(
                    relay,
                    "Credential_File { Directory = \"secrets\" }",
                    table(row),
                    server.stanza("ca.pem", "secret-id"),
                    RelayWithVault.destination("filed.example", filed, "filed"),
                    RelayWithVault.destination("listed.example", listed, "accounts/listed"),
                    RelayWithVault.destination("served.example", served, "served"));
            send(process, each, "filed.example", "listed.example", "served.example");
            for (MailPeer peer : List.of(filed, listed, served)) {
                rests(relay, peer, each);
            }
            noneIsInClear(process);
        }
    }

    @Test
    void holdsNoneInClearOfATableInPostgresql() throws Exception {
        assumeTrue(PostgresqlServer.isInstalled(), PostgresqlServer.MISSING);
        String row = plant("the password in a table of PostgreSQL");
        try (PostgresqlServer server = PostgresqlServer.create();
                RelayWithVault relay = new RelayWithVault(folder);
                MailPeer peer = relay.peer("alice", row)) {
            try (Connection connection = server.connect()) {
                fill(connection, row);
            }
            write(folder.resolve("database-password"), PostgresqlServer.PASSWORD);
            RelayProcess process = start(
                    relay,
                    accounts(
                            server.url(),
                            "User = \"" + PostgresqlServer.USER + "\" Password_File = \"database-password\""),
                    RelayWithVault.destination("listed.example", peer, "accounts/listed"));
            send(process, LOGINS, "listed.example");
            rests(relay, peer, LOGINS);
            noneIsInClear(process);
        }
    }

    private String plant(String label) {
        String password = canaries.plant(label);
        canaries.watch("the response of PLAIN, " + label, ("\0alice\0" + password).getBytes(UTF_8));
        return password;
    }

    private static void write(Path file, String content) throws IOException {
        Files.writeString(Files.createFile(file, permissions("rw-------")), content);
    }

    private String table(String password) throws Exception {
        SQLiteDataSource database = new SQLiteDataSource();
        database.setUrl("jdbc:sqlite:" + Files.createFile(folder.resolve("accounts.db"), permissions("rw-------")));
        try (Connection connection = database.getConnection()) {
            fill(connection, password);
        }
        return accounts(database.getUrl(), "");
    }

    private static void fill(Connection connection, String password) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE accounts (name VARCHAR(40) PRIMARY KEY, login TEXT, secret TEXT)");
            statement.execute("INSERT INTO accounts VALUES ('listed', 'alice', '" + password + "')");
        }
    }

    private static String accounts(String url, String login) {
        return "Credential_JDBC \"accounts\" { URL = \"" + url + "\" " + login
                + " Query = \"SELECT login AS username, secret AS password FROM accounts WHERE name = :key\" }";
    }

    /** Each message meets its peer and its store anew. */
    private static RelayProcess start(RelayWithVault relay, String... lines) throws IOException {
        List<String> all = new ArrayList<>(List.of("Max_Deliveries_Per_Connection = 1", "Idle_Timeout = 1"));
        all.addAll(List.of(lines));
        return relay.start(all.toArray(String[]::new));
    }

    private static void send(RelayProcess process, int count, String... domains) throws IOException {
        try (Courier courier = new Courier(process.port())) {
            for (int i = 0; i < count; i++) {
                for (String domain : domains) {
                    courier.send(
                            "s@sender.example",
                            List.of("r" + i + "@" + domain),
                            "Subject: x\r\n\r\n".getBytes(US_ASCII));
                }
            }
        }
    }

    /** Everything has arrived, by a login of its own, and no session is left. */
    private static void rests(RelayWithVault relay, MailPeer peer, int count) {
        eventually(() -> peer.messageCount() == count);
        assertThat(peer.logins()).isGreaterThanOrEqualTo(count);
        eventually(() -> !relay.ask("credentials", "--json").matches("(?s).*\"sessions\": [1-9].*"));
    }

    private void noneIsInClear(RelayProcess process) throws Exception {
        Path dump = folder.resolve("heap.hprof");
        jcmd(process, "GC.heap_dump", dump.toString());
        assertThat(dump).isNotEmptyFile();
        assertThat(canaries.findIn(dump)).isEmpty();
        // The search can see: names that are there are found.
        assertThat(new Canaries()
                        .watch("the name of an option", "Outbound_SMTP_AUTH_Key".getBytes(US_ASCII))
                        .findIn(dump))
                .isNotEmpty();
    }

    private static long wrapped(String histogram) {
        Matcher line = WRAPPED.matcher(histogram);
        return line.find() ? Long.parseLong(line.group(1)) : 0;
    }
}
