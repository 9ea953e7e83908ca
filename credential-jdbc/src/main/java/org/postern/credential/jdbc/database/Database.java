// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.jdbc.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A database with connections that are used again. Statements run on threads of its own, because a driver may block in
 * native code, and a caller never waits longer than was said.
 *
 * <p>Threading: any thread.
 */
public final class Database implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Database.class);
    private static final Executor AT_ONCE = Runnable::run;
    private static final int ATTEMPTS = 2;

    /** How long statements that run when the database is closed may go on: who still waits gets no answer. */
    private static final Duration DRAIN = Duration.ofSeconds(2);

    private static final Duration IDLE = Duration.ofMinutes(1);

    /** A connection is not older: the database may have moved, or its password changed. */
    private static final Duration OLDEST = Duration.ofMinutes(10);

    /** The connection broke, the server is going down or has become a replica, or a transaction was chosen to die. */
    private static final List<String> PASSING = List.of("08", "40", "57P");

    private final String name;
    private final Connector connector;
    private final Duration atMost;
    private final HikariDataSource pool;
    private final ThreadPoolExecutor workers;
    private volatile boolean down;

    /** Reads what a statement returned. */
    public interface Reading<T> {

        /**
         * Reads all that is wanted.
         *
         * @param utf8 whether the octets of a text column are its text in UTF-8
         */
        T read(ResultSet rows, boolean utf8) throws SQLException, DatabaseException;
    }

    /**
     * Opens nothing yet: a database that is down is no reason not to start.
     *
     * @param connections at most, and statements at once
     * @param atMost how long a caller waits
     */
    public Database(String name, Connector connector, int connections, Duration atMost) {
        this.name = name;
        this.connector = connector;
        this.atMost = atMost;
        HikariConfig config = new HikariConfig();
        config.setDataSource(connector);
        config.setPoolName("postern " + name);
        config.setMaximumPoolSize(connections);
        config.setMinimumIdle(0);
        config.setIdleTimeout(IDLE.toMillis());
        config.setMaxLifetime(OLDEST.toMillis());
        config.setConnectionTimeout(Math.max(250, atMost.toMillis() * 3 / 4));
        config.setValidationTimeout(Math.max(250, atMost.toMillis() / 2));
        config.setInitializationFailTimeout(-1);
        config.setReadOnly(connector.isReadOnly());
        config.setRegisterMbeans(false);
        this.pool = new HikariDataSource(config);
        this.workers = new ThreadPoolExecutor(
                connections,
                connections,
                IDLE.toSeconds(),
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform()
                        .daemon()
                        .name("postern-jdbc-" + name + "-", 0)
                        .factory());
        workers.allowCoreThreadTimeOut(true);
    }

    /** Where it is, for logs and errors. */
    public String place() {
        return connector.place();
    }

    /**
     * A connection of the caller's own that is not part of the pool.
     *
     * @throws SQLException if there is none
     */
    public Connection connect() throws SQLException {
        return connector.getConnection();
    }

    /** Lets go of the connections, those in use when they are given back: where they lead to is going away. */
    public void leave() {
        pool.getHikariPoolMXBean().softEvictConnections();
    }

    /**
     * Has a statement executed. It is sent again, once, when the connection broke under it.
     *
     * @param parameters by name; one that is missing is NULL
     * @param rows rows that are fetched at most
     * @throws DatabaseException if there is no answer in time, or an error
     * @throws InterruptedException if the caller was told to stop
     */
    public <T> T ask(NamedQuery query, Map<String, String> parameters, int rows, Reading<T> reading)
            throws DatabaseException, InterruptedException {
        Asking<T> asking = new Asking<>(new Execution<>(query, parameters, rows, reading));
        try {
            workers.execute(asking);
            return asking.get(atMost.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closed) {
            throw new DatabaseException("is being closed");
        } catch (TimeoutException late) {
            asking.giveUp();
            throw new DatabaseException("no answer within " + atMost.toMillis() + " ms");
        } catch (InterruptedException stop) {
            asking.giveUp();
            throw stop;
        } catch (CancellationException closed) {
            throw new DatabaseException("is being closed");
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof DatabaseException said
                    ? new DatabaseException(said.getMessage())
                    : new DatabaseException(
                            "failed with " + failed.getCause().getClass().getName());
        }
    }

    private static final class Asking<T> extends FutureTask<T> {

        private final Execution<T> execution;

        Asking(Execution<T> execution) {
            super(execution);
            this.execution = execution;
        }

        void giveUp() {
            cancel(false);
            execution.cancel();
        }
    }

    private final class Execution<T> implements Callable<T> {

        private final NamedQuery query;
        private final Map<String, String> parameters;
        private final int rows;
        private final Reading<T> reading;
        private volatile Statement running;
        private volatile boolean cancelled;

        Execution(NamedQuery query, Map<String, String> parameters, int rows, Reading<T> reading) {
            this.query = query;
            this.parameters = parameters;
            this.rows = rows;
            this.reading = reading;
        }

        @Override
        public T call() throws DatabaseException {
            for (int attempt = 1; ; attempt++) {
                try (Connection connection = connection()) {
                    return run(connection);
                } catch (SQLException failed) {
                    if (cancelled || attempt == ATTEMPTS || !passes(failed)) {
                        throw DatabaseException.of(failed);
                    }
                }
            }
        }

        private T run(Connection connection) throws SQLException, DatabaseException {
            limit(connection);
            try {
                return execute(connection);
            } finally {
                overwrite(connection);
                // The word to stop may reach the database any time later, and would stop whatever then runs there.
                if (cancelled) {
                    pool.evictConnection(connection);
                }
            }
        }

        private T execute(Connection connection) throws SQLException, DatabaseException {
            try (PreparedStatement statement = connection.prepareStatement(query.sql())) {
                running = statement;
                if (cancelled) {
                    throw new DatabaseException("given up");
                }
                statement.setMaxRows(rows);
                bind(statement);
                try (ResultSet results = statement.executeQuery()) {
                    return reading.read(results, connector.givesUtf8());
                }
            } finally {
                running = null;
            }
        }

        private void overwrite(Connection connection) {
            Optional<String> statement = connector.overwriting();
            if (statement.isPresent()) {
                try (PreparedStatement overwriting = connection.prepareStatement(statement.get())) {
                    overwriting.executeQuery().close();
                } catch (SQLException broken) {
                    // The pool keeps no connection that is, and its memory goes with it.
                }
            }
        }

        private void bind(PreparedStatement statement) throws SQLException {
            int index = 0;
            for (String parameter : query.parameters()) {
                String value = parameters.get(parameter);
                index++;
                if (value == null) {
                    statement.setNull(index, Types.NULL);
                } else {
                    statement.setString(index, value);
                }
            }
        }

        /** For a peer that vanished: by then nobody waits any more, and the thread must not either. */
        private void limit(Connection connection) throws SQLException {
            try {
                connection.setNetworkTimeout(
                        AT_ONCE, (int) atMost.plusSeconds(1).toMillis());
            } catch (SQLFeatureNotSupportedException unlimited) {
                // A file has no network, and a driver without this has its own limits.
            }
        }

        /** Has the database stop. Returns at once; drivers may have to connect for that. */
        void cancel() {
            cancelled = true;
            Statement statement = running;
            if (statement != null) {
                Thread.ofVirtual().name("postern-jdbc-cancel").start(() -> {
                    try {
                        statement.cancel();
                    } catch (SQLException alreadyOver) {
                        // Nothing is left to stop.
                    }
                });
            }
        }
    }

    private static boolean passes(SQLException failed) {
        String state = failed.getSQLState();
        return state != null && PASSING.stream().anyMatch(state::startsWith);
    }

    private Connection connection() throws DatabaseException {
        try {
            if (pool.getHikariPoolMXBean().getTotalConnections() == 0) {
                // The pool would wait although the answer is known.
                Optional<SQLException> known = connector.resting();
                if (known.isPresent()) {
                    throw known.get();
                }
            }
            Connection connection = pool.getConnection();
            if (down) {
                down = false;
                LOG.info("Credential_JDBC {}: {} answers again", name, place());
            }
            return connection;
        } catch (SQLException unreachable) {
            DatabaseException reason = DatabaseException.of(deepest(unreachable));
            if (!down) {
                down = true;
                LOG.warn("Credential_JDBC {}: {} cannot be reached: {}", name, place(), reason.getMessage());
            }
            throw reason;
        }
    }

    /** The pool says only that time ran out; what the driver said stands behind it. */
    private static SQLException deepest(SQLException thrown) {
        SQLException deepest = thrown;
        while (deepest.getCause() instanceof SQLException cause && cause != deepest) {
            deepest = cause;
        }
        return deepest;
    }

    /** Lets statements that run end, for a moment, and closes the connections. */
    @Override
    public void close() {
        workers.shutdown();
        try {
            if (!workers.awaitTermination(DRAIN.toMillis(), TimeUnit.MILLISECONDS)) {
                workers.shutdownNow();
            }
        } catch (InterruptedException hurried) {
            workers.shutdownNow();
            Thread.currentThread().interrupt();
        }
        pool.close();
    }
}
