// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.postgresql;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;

/**
 * Connections to the database.
 *
 * <p>Threading: any thread.
 */
final class Database implements AutoCloseable {

    /** How long an answer is waited for, and a free connection. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** The same for registers: a login waits for them. */
    private static final Duration SHORT = Duration.ofSeconds(5);

    private static final int FOR_REGISTERS = 2;
    private static final Duration IDLE = Duration.ofMinutes(1);

    /** A connection is not older: the database may have moved, or its password changed. */
    private static final Duration OLDEST = Duration.ofMinutes(10);

    /** What a commit promises must not depend on what somebody set for other uses of the server. */
    private static final String COMMITS_ARE_DURABLE = "SELECT set_config('synchronous_commit',"
            + " CASE WHEN current_setting('synchronous_commit') IN ('off', 'local') THEN 'on'"
            + " ELSE current_setting('synchronous_commit') END, false)";

    private final String place;
    private final Connector apart;
    private final HikariDataSource pool;
    private final HikariDataSource registers;

    /** Connects to nothing yet. */
    Database(SpoolOptions options, Map<String, String> environment) {
        this.place = options.server().place();
        this.apart = new Connector(options, environment, options.lease().dividedBy(2));
        this.pool =
                pool("postern spool", new Connector(options, environment, PATIENCE), options.connections(), PATIENCE);
        this.registers = pool("postern registers", new Connector(options, environment, SHORT), FOR_REGISTERS, SHORT);
    }

    private static HikariDataSource pool(String name, Connector connector, int most, Duration patience) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(connector);
        config.setPoolName(name);
        config.setMaximumPoolSize(most);
        config.setMinimumIdle(0);
        config.setIdleTimeout(IDLE.toMillis());
        config.setMaxLifetime(OLDEST.toMillis());
        config.setConnectionTimeout(patience.toMillis());
        config.setInitializationFailTimeout(-1);
        config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
        config.setConnectionInitSql(COMMITS_ARE_DURABLE);
        config.setRegisterMbeans(false);
        return new HikariDataSource(config);
    }

    /** For logs and errors. */
    String place() {
        return place;
    }

    /** A connection out of many, which closing gives back. Each statement commits by itself. */
    Connection connect() throws SQLException {
        return pool.getConnection();
    }

    /** A connection that no crowd can use up, and that gives up before a lease runs out. */
    Connection connectApart() throws SQLException {
        return apart.getConnection();
    }

    /** One for a register, which contents on their way cannot use up. Each statement commits by itself. */
    Connection connectForRegisters() throws SQLException {
        return registers.getConnection();
    }

    @Override
    public void close() {
        registers.close();
        pool.close();
    }
}
