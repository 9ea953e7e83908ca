// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.postern.credential.jdbc.AccountsFixture.execute;
import static org.postern.credential.jdbc.AccountsFixture.password;
import static org.postern.credential.jdbc.AccountsFixture.unavailable;

import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.postern.spi.credential.CredentialRef;
import org.postern.testkit.database.MariaDbServer;

class MariaDbTest extends DatabaseContract {

    private static Optional<MariaDbServer> server = Optional.empty();

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(MariaDbServer.isInstalled(), MariaDbServer.MISSING);
        server = Optional.of(MariaDbServer.create());
    }

    @AfterAll
    static void stop() {
        server.ifPresent(MariaDbServer::close);
    }

    @Override
    String url() {
        // As operators have it from MySQL.
        return server.orElseThrow().url().replace("mariadb", "mysql");
    }

    @Override
    String[] opening() {
        // Double quotes are for strings there, unless the session says otherwise.
        return new String[] {
            "user", MariaDbServer.USER, "password_env", "DB_PASSWORD", "query", AccountsFixture.QUERY.replace('"', '`')
        };
    }

    @Override
    AccountsFixture.Opening superuser() {
        return server.orElseThrow()::connect;
    }

    @Override
    String octets() {
        return "LONGBLOB";
    }

    @Override
    String time() {
        return "DATETIME";
    }

    @Test
    @DisplayName("C2-16: a server that does not answer is given up in time, and asked again afterwards")
    void givesUpAServerThatDoesNotAnswer() throws Exception {
        insert("relay", "alice", "secret".getBytes(UTF_8));
        Accounts accounts = open("query_timeout", "2");
        assertThat(password(ask(accounts, "relay"))).isEqualTo("secret");
        server.orElseThrow().freeze();
        try {
            assertThat(unavailable(ask(accounts, "relay"))).contains("no answer within 2000 ms");
        } finally {
            server.orElseThrow().thaw();
        }
        assertThat(password(onceItAnswers(accounts))).isEqualTo("secret");
    }

    @Test
    void asksTheSecondHostWhereTheFirstIsDown() throws Exception {
        insert("relay", "alice", "secret".getBytes(UTF_8));
        Map<String, Object> stanza = AccountsFixture.stanza(
                "two",
                "jdbc:mariadb://127.0.0.1:1,127.0.0.1:" + server.orElseThrow().port() + "/mail",
                opening());
        assertThat(password(ask(open(stanza), "relay"))).isEqualTo("secret");
    }

    @Test
    @DisplayName("C2-16: takes text from a table of another character set")
    void takesTextFromATableOfAnotherCharacterSet() throws Exception {
        execute(superuser(), "DROP TABLE IF EXISTS latin");
        execute(superuser(), "CREATE TABLE latin (name VARCHAR(20), secret VARCHAR(40) CHARACTER SET latin1)");
        execute(superuser(), "INSERT INTO latin VALUES ('relay', 'grüße')");
        Accounts accounts = open("query", "SELECT secret AS password FROM latin WHERE name = :key");
        assertThat(password(ask(accounts, "relay"))).isEqualTo("grüße");
    }

    @Test
    void saysHowToInstallTheDriver() throws Exception {
        Accounts accounts = new Accounts(
                AccountsFixture.stanza("absent", url()),
                Map.of(),
                name -> {
                    throw new ClassNotFoundException(name);
                },
                Clock.systemUTC());
        try {
            assertThat(unavailable(accounts.lookup(new CredentialRef("relay"), "relay")))
                    .contains("put mariadb-java-client into the drop folder");
        } finally {
            accounts.close();
        }
    }
}
