// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.postern.credential.jdbc.AccountsFixture.execute;
import static org.postern.credential.jdbc.AccountsFixture.found;
import static org.postern.credential.jdbc.AccountsFixture.password;
import static org.postern.credential.jdbc.AccountsFixture.unavailable;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.spi.credential.CredentialAccess;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.CredentialUpdate;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.Lookup;
import org.postern.spi.credential.PasswordCredential;
import org.postern.spi.credential.Secret;
import org.postern.spi.credential.UpdateResult;
import org.postern.testkit.database.PostgresqlServer;

class PostgresqlTest extends DatabaseContract {

    private static Optional<PostgresqlServer> server = Optional.empty();

    @TempDir
    Path folder;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(PostgresqlServer.isInstalled(), PostgresqlServer.MISSING);
        server = Optional.of(PostgresqlServer.create("max_connections=20"));
    }

    @AfterAll
    static void stop() {
        server.ifPresent(PostgresqlServer::close);
    }

    private static PostgresqlServer server() {
        return server.orElseThrow();
    }

    @Override
    String url() {
        return server().url();
    }

    @Override
    String[] opening() {
        return new String[] {"user", PostgresqlServer.USER, "password_env", "DB_PASSWORD"};
    }

    @Override
    AccountsFixture.Opening superuser() {
        return server()::connect;
    }

    @Override
    String octets() {
        return "BYTEA";
    }

    @Override
    String time() {
        return "TIMESTAMPTZ";
    }

    private Accounts accounts(String... more) {
        List<String> options = new ArrayList<>(List.of("user", PostgresqlServer.USER));
        options.addAll(List.of(more));
        return open(AccountsFixture.stanza("accounts", url(), options.toArray(String[]::new)));
    }

    @Test
    @DisplayName("C2-16: a database that is down is no credential and no failure of the others, and comes back")
    void goesOnWhenTheDatabaseComesBack() throws Exception {
        insert("relay", "alice", "secret".getBytes(UTF_8));
        Accounts accounts = open("query_timeout", "9");
        assertThat(password(ask(accounts, "relay"))).isEqualTo("secret");
        server().kill();
        try {
            assertThat(unavailable(ask(accounts, "relay"))).contains(url()).doesNotContain(PostgresqlServer.PASSWORD);
        } finally {
            server().start();
        }
        assertThat(password(onceItAnswers(accounts))).isEqualTo("secret");
    }

    @Test
    @DisplayName("C2-16: a connection that died in the pool costs nobody an answer")
    void replacesConnectionsThatDied() throws Exception {
        insert("relay", "alice", "secret".getBytes(UTF_8));
        Accounts accounts = open("connections", "3");
        for (int i = 0; i < 10; i++) {
            assertThat(password(ask(accounts, "relay"))).isEqualTo("secret");
            execute(
                    superuser(),
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                            + "WHERE application_name = 'postern' AND pid <> pg_backend_pid()");
        }
    }

    @Test
    @DisplayName("C2-16: a server that does not answer is given up in time, and asked again afterwards")
    void givesUpAServerThatDoesNotAnswer() throws Exception {
        insert("relay", "alice", "secret".getBytes(UTF_8));
        Accounts accounts = open("query_timeout", "2");
        assertThat(password(ask(accounts, "relay"))).isEqualTo("secret");
        server().freeze();
        try {
            assertThat(unavailable(ask(accounts, "relay"))).contains("no answer within 2000 ms");
        } finally {
            server().thaw();
        }
        assertThat(password(onceItAnswers(accounts))).isEqualTo("secret");
    }

    @Test
    @DisplayName("C2-16: a statement that takes too long is ended in the database")
    void endsAStatementThatTakesTooLong() throws Exception {
        giveUpAStatement();
        awaitNone("query LIKE 'SELECT pg_sleep%' AND state = 'active'");
    }

    // Telling the database to stop takes a while, and by then something else may run on that connection.
    @Test
    @DisplayName("C2-16: the connection of a statement that was given up serves no other")
    void usesNoConnectionAgainWhoseStatementWasGivenUp() throws Exception {
        giveUpAStatement();
        awaitNone("application_name = 'postern' AND pid <> pg_backend_pid()");
    }

    private void giveUpAStatement() throws Exception {
        Accounts accounts = open(
                "query_timeout", "1", "query", "SELECT pg_sleep(90)::text AS password WHERE :key::text IS NOT NULL");
        assertThat(unavailable(ask(accounts, "relay"))).contains("no answer within 1000 ms");
    }

    private static void awaitNone(String serverProcesses) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> count("SELECT count(*) FROM pg_stat_activity WHERE " + serverProcesses) == 0);
    }

    private static long count(String sql) throws SQLException {
        try (Connection connection = server().connect();
                java.sql.Statement statement = connection.createStatement();
                java.sql.ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    @Test
    void stopsWhenItIsInterrupted() throws Exception {
        Accounts accounts = open("query", "SELECT pg_sleep(90)::text AS password WHERE :key::text IS NOT NULL");
        BlockingQueue<Object> ends = new LinkedBlockingQueue<>();
        Thread asking = Thread.startVirtualThread(() -> {
            try {
                ends.add(ask(accounts, "relay"));
            } catch (Exception stopped) {
                ends.add(stopped);
            }
        });
        asking.interrupt();
        assertThat(ends.poll(30, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
    }

    @Test
    @DisplayName("C2-16: all connections busy is no answer in time, and nothing is lost")
    void waitsForAConnectionAndNotForEver() throws Exception {
        insert("relay", "alice", "secret".getBytes(UTF_8));
        Accounts accounts = open(
                "connections",
                "1",
                "query_timeout",
                "2",
                "query",
                "SELECT login AS username, secret AS password FROM accounts, "
                        + "(SELECT pg_sleep(CASE WHEN :key = 'slow' THEN 90 ELSE 0 END)) slow WHERE name = :key");
        Thread slow = Thread.startVirtualThread(() -> {
            try {
                ask(accounts, "slow");
            } catch (Exception unexpected) {
                throw new IllegalStateException(unexpected);
            }
        });
        Lookup answer = ask(accounts, "relay");
        assertThat(answer).isNotInstanceOf(Lookup.NoSuchCredential.class);
        slow.join();
        assertThat(password(ask(accounts, "relay"))).isEqualTo("secret");
    }

    @Test
    @DisplayName("C2-16: says that the server takes no more connections")
    void saysThatTheServerTakesNoMoreConnections() throws Exception {
        List<Connection> all = new ArrayList<>();
        try {
            while (all.size() < 100) {
                all.add(server().connect());
            }
        } catch (SQLException full) {
            assertThat(all).hasSizeLessThan(50);
        }
        try {
            assertThat(unavailable(ask(open(), "relay"))).contains("too many clients");
        } finally {
            for (Connection one : all) {
                one.close();
            }
        }
    }

    @Test
    void asksTheSecondHostWhereTheFirstIsDown() throws Exception {
        insert("relay", "alice", "secret".getBytes(UTF_8));
        String url =
                "jdbc:postgresql://127.0.0.1:1,127.0.0.1:" + server().port() + "/postgres?targetServerType=primary";
        Accounts accounts =
                open(AccountsFixture.stanza("two", url, "user", PostgresqlServer.USER, "password_env", "DB_PASSWORD"));
        assertThat(password(ask(accounts, "relay"))).isEqualTo("secret");
    }

    @Test
    @DisplayName("C2-16: a deadlock costs nobody an answer")
    void asksAgainAfterADeadlock() throws Exception {
        insert("relay", "alice", "secret".getBytes(UTF_8));
        execute(superuser(), "DROP SEQUENCE IF EXISTS attempts");
        execute(superuser(), "CREATE SEQUENCE attempts");
        execute(
                superuser(),
                "CREATE OR REPLACE FUNCTION chosen_to_die() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN "
                        + "IF nextval('attempts') = 1 THEN RAISE EXCEPTION USING errcode = 'deadlock_detected'; END IF; "
                        + "RETURN true; END $$");
        Accounts accounts =
                open("query", "SELECT secret AS password FROM accounts WHERE name = :key AND chosen_to_die()");
        assertThat(password(ask(accounts, "relay"))).isEqualTo("secret");
        assertThat(count("SELECT last_value FROM attempts")).isEqualTo(2);
    }

    @Test
    void findsAColumnOfNumbersByAKeyOfText() throws Exception {
        execute(superuser(), "DROP TABLE IF EXISTS numbered");
        execute(superuser(), "CREATE TABLE numbered (id BIGINT, secret TEXT)");
        execute(superuser(), "INSERT INTO numbered VALUES (7, 'secret')");
        Accounts accounts = open("query", "SELECT secret AS password FROM numbered WHERE id = :key");
        assertThat(password(ask(accounts, "7"))).isEqualTo("secret");
        assertThat(unavailable(ask(accounts, "c4nary")))
                .contains("SQLSTATE 22P02")
                .doesNotContain("c4nary");
    }

    @Test
    @DisplayName("C2-16: does not repeat what the database quotes of a value that it cannot convert")
    void doesNotRepeatWhatTheDatabaseQuotes() throws Exception {
        execute(superuser(), "INSERT INTO accounts (name, secret) VALUES ('relay', 'c4nary')");
        Accounts accounts = open(
                "query", "SELECT convert_from(secret, 'UTF8')::int::text AS password FROM accounts WHERE name = :key");
        assertThat(unavailable(ask(accounts, "relay")))
                .contains("SQLSTATE 22P02")
                .doesNotContain("c4nary");
    }

    @Test
    void writesNothingByACommonTableExpression() throws Exception {
        insert("relay", "alice", "secret".getBytes(UTF_8));
        Accounts accounts = open(
                "query",
                "WITH gone AS (DELETE FROM accounts RETURNING secret) SELECT secret AS password FROM gone WHERE 'x' <> :key");
        assertThat(unavailable(ask(accounts, "relay"))).contains("Query has the word DELETE");
        assertThat(count("SELECT count(*) FROM accounts")).isEqualTo(1);
    }

    @Test
    void takesThePasswordFromAFileAndNoticesThatItChanged() throws Exception {
        insert("relay", "alice", "secret".getBytes(UTF_8));
        Path file = Files.writeString(folder.resolve("password"), "wrong\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        Accounts accounts = accounts("password_file", file.toString());
        assertThat(unavailable(ask(accounts, "relay"))).contains("is open to all accounts: chmod o= ");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> unavailable(ask(accounts, "relay")).contains("authentication failed"));
        Files.writeString(file, PostgresqlServer.PASSWORD + "\r\nsecond line\n");
        assertThat(password(onceItAnswers(accounts))).isEqualTo("secret");
    }

    @Test
    void takesThePasswordFromAnotherStore() throws Exception {
        insert("relay", "alice", "secret".getBytes(UTF_8));
        Map<String, Object> stanza = AccountsFixture.stanza("accounts", url(), "password_key", "database");
        Accounts accounts = open(stanza);
        assertThat(unavailable(ask(accounts, "relay"))).contains("the engine that asks other stores is not there yet");
        accounts.bind(List.of(), new OneCredential());
        assertThat(password(onceItAnswers(accounts))).isEqualTo("secret");
    }

    private record OneCredential() implements CredentialAccess {

        @Override
        public Lookup lookup(CredentialRef ref) {
            assertThat(ref.key()).isEqualTo("database");
            return new Lookup.Found(new PasswordCredential(
                    PostgresqlServer.USER,
                    Secret.of(PostgresqlServer.PASSWORD),
                    new CredentialVersion("1"),
                    Optional.empty(),
                    Set.of()));
        }

        @Override
        public UpdateResult update(CredentialUpdate update) {
            throw new UnsupportedOperationException();
        }
    }

    @Test
    void refusesAWrongPasswordWithoutShowingIt() throws Exception {
        assertThat(unavailable(ask(accounts("password_env", "WRONG"), "relay")))
                .contains("authentication failed")
                .contains(url())
                .doesNotContain("c4nary");
        assertThat(unavailable(ask(accounts("password_env", "UNSET"), "relay"))).contains("UNSET is not set");
    }

    @Test
    void hearsWhatTheDatabaseNotifies() throws Exception {
        insert("relay", "alice", "old".getBytes(UTF_8));
        Accounts accounts = open("notify", "accounts_changed");
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        accounts.bind(List.of(hearing(heard)), null);
        found(accounts.lookup(new CredentialRef("accounts/relay"), "relay")).close();
        awaitListener();
        heard.clear();
        execute(superuser(), "SELECT pg_notify('accounts_changed', 'relay')");
        assertThat(heard.poll(30, TimeUnit.SECONDS)).isEqualTo("changed accounts/relay");
        execute(superuser(), "NOTIFY accounts_changed");
        assertThat(heard.poll(30, TimeUnit.SECONDS)).isEqualTo("store jdbc");

        // Whatever was said while nobody listened counts as anything.
        execute(superuser(), "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'");
        assertThat(heard.poll(60, TimeUnit.SECONDS)).isEqualTo("store jdbc");
        execute(superuser(), "SELECT pg_notify('accounts_changed', 'relay')");
        assertThat(heard.poll(30, TimeUnit.SECONDS)).isEqualTo("changed accounts/relay");
    }

    private static void awaitListener() {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> count("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'") == 1);
    }

    @Test
    void leavesNoConnectionBehind() throws Exception {
        insert("relay", "alice", "secret".getBytes(UTF_8));
        Accounts accounts = open("notify", "accounts_changed", "changes", AccountsFixture.CHANGES);
        assertThat(password(ask(accounts, "relay"))).isEqualTo("secret");
        awaitListener();
        accounts.close();
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> count("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'postern'") == 0);
        assertThat(unavailable(ask(accounts, "relay"))).contains("is being closed");
    }

    @Test
    @DisplayName("C2-16: a text that the database could not convert is no password")
    void refusesTextOfAnotherEncoding() throws Exception {
        execute(superuser(), "DROP DATABASE IF EXISTS ascii");
        execute(superuser(), "CREATE DATABASE ascii ENCODING 'SQL_ASCII' TEMPLATE template0");
        String url = url().replace("/postgres", "/ascii");
        Accounts accounts = open(AccountsFixture.stanza(
                "ascii",
                url,
                "user",
                PostgresqlServer.USER,
                "password_env",
                "DB_PASSWORD",
                "query",
                "SELECT chr(252) AS password WHERE :key::text IS NOT NULL"));
        assertThat(unavailable(ask(accounts, "relay")))
                .contains("SQLSTATE 22021: a value does not have the form, encoding");
    }
}
