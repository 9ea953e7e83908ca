// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.postgresql;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.postern.spi.cluster.Changes;
import org.postern.spi.cluster.Put;
import org.postern.spi.cluster.Register;
import org.postern.spi.cluster.RegisterBounds;
import org.postern.spi.cluster.SharedRegisters;
import org.postern.spi.credential.Secret;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Registers in a table beside the queue. A revision is the number of the transaction that put it, and a reading of changes
 * goes back to the oldest transaction that was under way at the reading before: numbers are given before a transaction
 * commits, so whoever asks for what is above the last number seen misses what commits late.
 *
 * <p>Threading: any thread; each call is one statement of one connection.
 */
final class PostgresqlRegisters implements SharedRegisters {

    private static final Logger LOG = LoggerFactory.getLogger(PostgresqlRegisters.class);

    private static final String AGE_AND_REST =
            "extract(epoch FROM clock_timestamp() - written) * 1000, extract(epoch FROM expires - clock_timestamp()) * 1000";

    private static final String READ = "SELECT topic, value, revision, " + AGE_AND_REST
            + " FROM postern_register WHERE topic = ? AND name = ? AND expires > clock_timestamp()";

    private static final String REMOVE = "DELETE FROM postern_register WHERE topic = ? AND name = ? AND revision = ?";

    private static final String INSERT =
            "INSERT INTO postern_register AS r (value, topic, name, revision, written, expires)"
                    + " VALUES (?, ?, ?, txid_current(), clock_timestamp(), clock_timestamp() + ? * interval '1 ms')"
                    + " ON CONFLICT (topic, name) DO UPDATE SET value = excluded.value, revision = excluded.revision,"
                    + " written = excluded.written, expires = excluded.expires WHERE r.expires <= clock_timestamp()"
                    + " RETURNING revision";

    private static final String UPDATE = "UPDATE postern_register SET value = ?, revision = txid_current(),"
            + " written = clock_timestamp(), expires = clock_timestamp() + ? * interval '1 ms'"
            + " WHERE topic = ? AND name = ? AND revision = ? AND expires > clock_timestamp() RETURNING revision";

    // A server that was put back to an earlier state, or gave way to another, counts from lower numbers: then all is
    // told.
    private static final String CHANGES =
            "SELECT r.topic, value, revision, " + AGE_AND_REST + ", s.oldest, clock_timestamp()"
                    + " FROM (SELECT txid_snapshot_xmin(txid_current_snapshot()) AS oldest) s LEFT JOIN postern_register r"
                    + " ON r.topic = ANY (?) AND r.expires > clock_timestamp()"
                    + " AND r.revision >= CASE WHEN s.oldest < ? THEN 0 ELSE ? END";

    private final Database database;
    private final ClusterKey key;
    private final String node;
    private volatile boolean complained;

    /** @param node what operators call this node */
    PostgresqlRegisters(Database database, ClusterKey key, String node) {
        this.database = database;
        this.key = key;
        this.node = node;
    }

    @Override
    public Optional<Register> read(String topic, String name) throws IOException {
        RegisterBounds.checkName(topic, name);
        try (Connection connection = database.connectForRegisters()) {
            return read(connection, topic, name);
        } catch (SQLException failed) {
            throw noAnswer(failed);
        }
    }

    private Optional<Register> read(Connection connection, String topic, String name) throws SQLException {
        byte[] known = key.name(topic, name);
        try (PreparedStatement select = connection.prepareStatement(READ)) {
            select.setString(1, topic);
            select.setBytes(2, known);
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                Optional<Register> register = readable(row);
                if (register.isEmpty()) {
                    remove(connection, topic, known, row.getLong(3));
                }
                return register;
            }
        }
    }

    /** Under this name only nodes with this key put anything, so somebody has changed it. */
    private static void remove(Connection connection, String topic, byte[] known, long revision) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(REMOVE)) {
            delete.setString(1, topic);
            delete.setBytes(2, known);
            delete.setLong(3, revision);
            delete.executeUpdate();
        }
    }

    @Override
    public Put put(String topic, String name, byte[] value, long expected, Duration life) throws IOException {
        RegisterBounds.checkPut(topic, name, value, life);
        try (Connection connection = database.connectForRegisters();
                PreparedStatement put = connection.prepareStatement(expected == ABSENT ? INSERT : UPDATE)) {
            put.setBytes(1, key.seal(topic, name, value));
            put.setString(expected == ABSENT ? 2 : 3, topic);
            put.setBytes(expected == ABSENT ? 3 : 4, key.name(topic, name));
            put.setLong(expected == ABSENT ? 4 : 2, life.toMillis());
            if (expected != ABSENT) {
                put.setLong(5, expected);
            }
            try (ResultSet row = put.executeQuery()) {
                if (row.next()) {
                    return new Put.Held(row.getLong(1));
                }
            }
            return new Put.Beaten(read(connection, topic, name));
        } catch (SQLException failed) {
            throw noAnswer(failed);
        }
    }

    @Override
    public Changes changes(Set<String> topics, long since) throws IOException {
        RegisterBounds.checkTopics(topics);
        try (Connection connection = database.connectForRegisters();
                PreparedStatement select = connection.prepareStatement(CHANGES)) {
            select.setArray(1, connection.createArrayOf("text", topics.toArray()));
            select.setLong(2, since);
            select.setLong(3, since);
            try (ResultSet rows = select.executeQuery()) {
                return changes(rows, since);
            }
        } catch (SQLException failed) {
            throw noAnswer(failed);
        }
    }

    private Changes changes(ResultSet rows, long since) throws SQLException {
        List<Register> registers = new ArrayList<>();
        long next = since;
        Instant now = Instant.EPOCH;
        while (rows.next()) {
            next = rows.getLong(6);
            now = rows.getObject(7, OffsetDateTime.class).toInstant();
            if (rows.getString(1) != null) {
                readable(rows).ifPresent(registers::add);
            }
        }
        return new Changes(registers, next, now);
    }

    private Optional<Register> readable(ResultSet row) throws SQLException {
        try {
            return Optional.of(register(row));
        } catch (IOException foreign) {
            if (!complained) {
                LOG.warn(
                        "something that nodes tell one another in {} cannot be opened: {}; give all nodes the same"
                                + " Cluster_Key_File",
                        database.place(),
                        foreign.getMessage());
            }
            complained = true;
            return Optional.empty();
        }
    }

    private Register register(ResultSet row) throws SQLException, IOException {
        String topic = row.getString(1);
        ClusterKey.Opened opened = key.open(topic, row.getBytes(2));
        return new Register(
                topic,
                opened.name(),
                opened.value(),
                row.getLong(3),
                millis(row.getDouble(4)),
                millis(row.getDouble(5)));
    }

    // The clock may have moved on between the condition and the figure.
    private static Duration millis(double count) {
        return Duration.ofMillis(Math.max(1, Math.round(count)));
    }

    @Override
    public String tag(String purpose, Secret secret) {
        return key.tag(purpose, secret);
    }

    @Override
    public String node() {
        return node;
    }

    private IOException noAnswer(SQLException failed) {
        return new IOException(database.place() + ": " + Fault.words(failed), failed);
    }
}
