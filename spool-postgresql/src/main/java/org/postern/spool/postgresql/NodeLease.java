// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.postgresql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * One life of this node: a row that has to be renewed before it expires. Only the database's clock says what has expired,
 * and only a node that has itself renewed without a break for as long as a lease lasts calls another one gone: after the
 * database was away, however shortly, everybody gets the time to come back and to note what was done meanwhile.
 *
 * <p>This side counts from before it asked, with a clock that nobody sets, so that it always gives up first.
 *
 * <p>Threading: what is asked of it from any thread, what it does from one.
 */
final class NodeLease implements AutoCloseable {

    private final Database database;
    private final Duration length;
    private final long id;
    private final LongSupplier nanos;
    private Connection connection;
    private volatile long renewedAt;
    private long steadySince;
    private volatile boolean lost;
    private volatile boolean silent;

    private NodeLease(
            Database database, Duration length, Connection connection, long id, LongSupplier nanos, long begun) {
        this.database = database;
        this.length = length;
        this.connection = connection;
        this.id = id;
        this.nanos = nanos;
        this.renewedAt = begun;
        this.steadySince = begun;
    }

    /** @param nanos a clock that nobody sets, in nanoseconds */
    static NodeLease begin(Database database, String name, Duration length, LongSupplier nanos) throws SQLException {
        long begun = nanos.getAsLong();
        Connection connection = database.connectApart();
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO postern_node (name, expires) VALUES (?, clock_timestamp() + ? * interval '1 ms')"
                        + " RETURNING id")) {
            insert.setString(1, name);
            insert.setLong(2, length.toMillis());
            try (ResultSet row = insert.executeQuery()) {
                row.next();
                return new NodeLease(database, length, connection, row.getLong(1), nanos, begun);
            }
        } catch (SQLException failed) {
            connection.close();
            throw failed;
        }
    }

    /** The number of this life, never given again. */
    long id() {
        return id;
    }

    /** Whether no other node can have called this one gone. */
    boolean isHeld() {
        return !lost && nanos.getAsLong() - renewedAt < length.toNanos();
    }

    /** Whether the database gave no answer when it was asked last; then it is no use to begin anything. */
    boolean isSilent() {
        return silent;
    }

    /** Whether another node has called this one gone: this life is over for good. */
    boolean isLost() {
        return lost;
    }

    /** To be called several times in the length of a lease. */
    void renew() throws SQLException {
        long asked = nanos.getAsLong();
        boolean steady = !silent && asked - renewedAt < length.toNanos() / 2;
        try (PreparedStatement update = connection()
                .prepareStatement("UPDATE postern_node"
                        + " SET expires = clock_timestamp() + ? * interval '1 ms' WHERE id = ? AND NOT gone")) {
            update.setLong(1, length.toMillis());
            update.setLong(2, id);
            int renewed = update.executeUpdate();
            silent = false;
            if (renewed == 0) {
                lost = true;
                return;
            }
            renewedAt = asked;
            steadySince = steady ? steadySince : asked;
        } catch (SQLException failed) {
            silent = true;
            disconnect();
            throw failed;
        }
    }

    /** Calls those gone whose lease has expired, if this node may. Returns how many there were. */
    int callOthersGone() throws SQLException {
        if (!isHeld() || nanos.getAsLong() - steadySince < length.toNanos()) {
            return 0;
        }
        try (PreparedStatement update = connection()
                .prepareStatement(
                        "UPDATE postern_node SET gone = true WHERE NOT gone AND expires < clock_timestamp()")) {
            return update.executeUpdate();
        } catch (SQLException failed) {
            silent = true;
            disconnect();
            throw failed;
        }
    }

    /** Ends this life: what this node held is for the others at once. */
    @Override
    public void close() throws SQLException {
        lost = true;
        try (PreparedStatement update =
                connection().prepareStatement("UPDATE postern_node SET gone = true WHERE id = ?")) {
            update.setLong(1, id);
            update.executeUpdate();
        } finally {
            disconnect();
        }
    }

    private Connection connection() throws SQLException {
        if (connection == null) {
            connection = database.connectApart();
        }
        return connection;
    }

    private void disconnect() {
        Connection old = connection;
        connection = null;
        if (old != null) {
            try {
                old.close();
            } catch (SQLException brokenAnyway) {
                // It is not used again.
            }
        }
    }
}
