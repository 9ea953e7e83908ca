// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.postgresql;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The tables. Contents are written once and never again: what changes while a message waits is in small rows.
 *
 * <p>{@code postern_message.holder} is the node that has the message in its queue, 0 for nobody; {@code due} is when the next
 * of its recipients is to be tried, in seconds since 1970, and far in the future if an operator keeps all of them back. {@code
 * postern_recipient} has a row for each recipient that something was noted about. {@code postern_part} has the contents that
 * are too long for a row, and those of messages that were never accepted until somebody clears them away. {@code
 * postern_register} has what nodes tell one another, sealed.
 */
final class Schema {

    private static final int VERSION = 1;

    /** Any number, the same in every node: two that start at once must not both create tables. */
    private static final long LOCK = 0x706f737465726eL;

    private static final String FIND = "SELECT to_regclass('postern_format')";

    private static final String FIND_REGISTERS = "SELECT to_regclass('postern_register')";

    private static final String CREATE = """
            CREATE TABLE postern_format (version int NOT NULL);
            INSERT INTO postern_format VALUES (%d);
            CREATE TABLE postern_node (
                id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                name text NOT NULL,
                expires timestamptz NOT NULL,
                gone boolean NOT NULL DEFAULT false);
            CREATE TABLE postern_message (
                id text COLLATE "C" PRIMARY KEY,
                holder bigint NOT NULL,
                due bigint NOT NULL,
                head bytea NOT NULL,
                recipients int NOT NULL,
                size bigint NOT NULL,
                checksum int NOT NULL,
                content bytea);
            ALTER TABLE postern_message ALTER content SET STORAGE EXTERNAL;
            CREATE INDEX postern_message_by_holder ON postern_message (holder, due, id);
            CREATE TABLE postern_part (
                message text COLLATE "C",
                part int,
                node bigint NOT NULL,
                content bytea NOT NULL,
                PRIMARY KEY (message, part));
            ALTER TABLE postern_part ALTER content SET STORAGE EXTERNAL;
            CREATE INDEX postern_part_by_node ON postern_part (node);
            CREATE TABLE postern_recipient (
                message text COLLATE "C" REFERENCES postern_message ON DELETE CASCADE,
                recipient int,
                settled boolean NOT NULL,
                attempts int NOT NULL,
                due_second bigint NOT NULL,
                due_nano int NOT NULL,
                on_hold boolean NOT NULL,
                PRIMARY KEY (message, recipient));
            """;

    /** Beside the others: nodes of before do not look at it, so it is no new format. */
    private static final String CREATE_REGISTERS = """
            CREATE TABLE postern_register (
                topic text COLLATE "C",
                name bytea,
                value bytea NOT NULL,
                revision bigint NOT NULL,
                written timestamptz NOT NULL,
                expires timestamptz NOT NULL,
                PRIMARY KEY (topic, name));
            CREATE INDEX postern_register_by_revision ON postern_register (revision);
            """;

    private Schema() {}

    /**
     * Creates what is missing, and looks whether what is there is of this version.
     *
     * @throws SQLException also where another version has been here
     */
    static void provide(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_advisory_xact_lock(" + LOCK + ")");
            if (isMissing(statement, FIND)) {
                statement.execute(CREATE.formatted(VERSION));
            }
            if (isMissing(statement, FIND_REGISTERS)) {
                statement.execute(CREATE_REGISTERS);
            }
            check(statement);
            connection.commit();
            connection.setAutoCommit(true);
        } catch (SQLException failed) {
            abandon(connection, failed);
            throw failed;
        }
    }

    private static void abandon(Connection connection, SQLException reason) {
        try {
            connection.rollback();
            connection.setAutoCommit(true);
        } catch (SQLException broken) {
            reason.addSuppressed(broken);
        }
    }

    private static boolean isMissing(Statement statement, String table) throws SQLException {
        try (ResultSet found = statement.executeQuery(table)) {
            return found.next() && found.getString(1) == null;
        }
    }

    private static void check(Statement statement) throws SQLException {
        try (ResultSet rows = statement.executeQuery("SELECT version FROM postern_format")) {
            if (!rows.next() || rows.getInt(1) != VERSION) {
                throw new SQLException(
                        "the tables are of format " + rows.getInt(1) + ", and this version of Postern has " + VERSION,
                        "0A000");
            }
        }
    }
}
