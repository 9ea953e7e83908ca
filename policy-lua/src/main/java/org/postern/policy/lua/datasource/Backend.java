// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.datasource;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One database of a datasource and the connections to it. After a connection could not be had it rests for a while, in
 * which others are asked.
 *
 * <p>Threading: any thread.
 */
final class Backend implements AutoCloseable {

    /** Connections to one database at most, and queries that a datasource runs at once. */
    static final int CONNECTIONS = 8;

    private static final Logger LOG = LoggerFactory.getLogger(Backend.class);
    private static final Duration REST = Duration.ofSeconds(30);
    private static final Duration WAIT = Duration.ofSeconds(3);
    private static final Duration IDLE = Duration.ofMinutes(1);

    private final DatasourceUri uri;
    private final LongSupplier ticks;
    private final HikariDataSource pool;
    private volatile boolean down;
    private volatile long downSince;

    Backend(DatasourceUri uri, Connector connector, LongSupplier ticks) {
        this.uri = uri;
        this.ticks = ticks;
        HikariConfig config = new HikariConfig();
        config.setDataSource(connector);
        config.setPoolName("postern " + uri.place());
        config.setMaximumPoolSize(CONNECTIONS);
        config.setMinimumIdle(0);
        config.setIdleTimeout(IDLE.toMillis());
        config.setConnectionTimeout(WAIT.toMillis());
        // A database that is down when Postern starts is no reason not to start.
        config.setInitializationFailTimeout(-1);
        config.setRegisterMbeans(false);
        this.pool = new HikariDataSource(config);
    }

    DatasourceUri uri() {
        return uri;
    }

    boolean isResting() {
        return down && ticks.getAsLong() - downSince < REST.toNanos();
    }

    Connection connection() throws SQLException {
        try {
            Connection connection = pool.getConnection();
            if (down) {
                down = false;
                LOG.info("{} answers again", uri.place());
            }
            return connection;
        } catch (SQLException unreachable) {
            SQLException reason = reason(unreachable);
            if (!down) {
                LOG.warn("{} is down: {}", uri.place(), reason.getMessage());
            }
            downSince = ticks.getAsLong();
            down = true;
            throw reason;
        }
    }

    /** This one is not to be used again once it is closed. */
    void spoil(Connection connection) {
        pool.evictConnection(connection);
    }

    /** The pool says only that time ran out; what the driver said stands behind it. */
    private static SQLException reason(SQLException thrown) {
        Throwable deepest = thrown;
        while (deepest.getCause() instanceof SQLException cause && cause != deepest) {
            deepest = cause;
        }
        return (SQLException) deepest;
    }

    @Override
    public void close() {
        pool.close();
    }
}
