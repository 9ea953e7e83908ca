// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.spi.cluster.Changes;
import org.postern.spi.cluster.Put;
import org.postern.spi.cluster.Register;
import org.postern.spi.cluster.SharedRegisters;
import org.postern.spi.credential.Secret;

/** What only registers in a database can do wrong. */
@Timeout(120)
class PostgresqlRegistersTest {

    private static final Duration LIFE = Duration.ofHours(1);

    @RegisterExtension
    static final Databases DATABASES = new Databases();

    private String name;
    private Database database;

    @BeforeEach
    void open() throws Exception {
        name = DATABASES.make();
        database = new Database(DATABASES.options(name, Node.LEASE, 1), Databases.environment());
        try (Connection connection = database.connectApart()) {
            Schema.provide(connection);
        }
    }

    @AfterEach
    void close() {
        database.close();
    }

    private PostgresqlRegisters node(String key) {
        try (Secret secret = Secret.of(key)) {
            return new PostgresqlRegisters(database, new ClusterKey(secret), "a node");
        }
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void aPutThatCommitsAfterALaterOneIsToldAllTheSame() throws Exception {
        PostgresqlRegisters node = node("one key");
        try (Connection slow = DATABASES.server().connect(name);
                Statement statement = slow.createStatement()) {
            slow.setAutoCommit(false);
            node.put("one", "late", octets("1"), SharedRegisters.ABSENT, LIFE);
            statement.execute("UPDATE postern_register SET revision = txid_current()");
            node.put("one", "early", octets("2"), SharedRegisters.ABSENT, LIFE);
            Changes before = node.changes(Set.of("one"), SharedRegisters.BEGINNING);
            assertThat(before.registers()).hasSize(2);
            slow.commit();
            assertThat(node.changes(Set.of("one"), before.next()).registers())
                    .extracting(Register::name)
                    .contains("late");
        }
    }

    @Test
    void aReadingThatComesFromAServerWithHigherNumbersBeginsAnew() throws Exception {
        PostgresqlRegisters node = node("one key");
        node.put("one", "a", octets("1"), SharedRegisters.ABSENT, LIFE);
        assertThat(node.changes(Set.of("one"), 1L << 50).registers()).hasSize(1);
    }

    @Test
    void theDatabaseSeesNeitherNamesNorValues() throws Exception {
        node("one key").put("one", "alice", octets("s3cret"), SharedRegisters.ABSENT, LIFE);
        for (String text : new String[] {"alice", "s3cret"}) {
            assertThat(DATABASES.count(
                            name,
                            "SELECT count(*) FROM postern_register" + " WHERE position('" + text
                                    + "' IN encode(name, 'escape') || encode(value, 'escape')) > 0"))
                    .isZero();
        }
        assertThat(DATABASES.count(name, "SELECT count(*) FROM postern_register"))
                .isEqualTo(1);
    }

    @Test
    void nodesWithDifferentKeysDoNotHearEachOther() throws Exception {
        PostgresqlRegisters one = node("one key");
        PostgresqlRegisters other = node("another key");
        one.put("one", "a", octets("1"), SharedRegisters.ABSENT, LIFE);
        other.put("one", "b", octets("2"), SharedRegisters.ABSENT, LIFE);
        assertThat(other.read("one", "a")).isEmpty();
        assertThat(other.changes(Set.of("one"), SharedRegisters.BEGINNING).registers())
                .extracting(Register::name)
                .containsExactly("b");
    }

    @Test
    void whatSomebodyChangedInTheDatabaseIsNotBelieved() throws Exception {
        PostgresqlRegisters node = node("one key");
        for (String change : List.of(
                "value = set_byte(value, 20, get_byte(value, 20) # 1)",
                "value = substr(value, 1, 15)",
                "topic = 'two'")) {
            node.put("one", "a", octets("1"), SharedRegisters.ABSENT, LIFE);
            DATABASES.execute(name, "UPDATE postern_register SET " + change);
            assertThat(node.changes(Set.of("one", "two"), SharedRegisters.BEGINNING)
                            .registers())
                    .as(change)
                    .isEmpty();
            assertThat(node.read("one", "a")).as(change).isEmpty();
            assertThat(node.put("one", "a", octets("2"), SharedRegisters.ABSENT, LIFE))
                    .as(change)
                    .isInstanceOf(Put.Held.class);
            DATABASES.execute(name, "TRUNCATE postern_register");
        }
    }

    @Test
    void aDatabaseThatIsAwayIsSaidAndComesBack() throws Exception {
        PostgresqlRegisters node = node("one key");
        node.put("one", "a", octets("1"), SharedRegisters.ABSENT, LIFE);
        DATABASES.server().kill();
        try {
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> node.read("one", "a"));
        } finally {
            DATABASES.server().start();
        }
        assertThat(node.read("one", "a")).isPresent();
    }
}
