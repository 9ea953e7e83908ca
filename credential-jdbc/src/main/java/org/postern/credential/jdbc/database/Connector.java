// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.jdbc.database;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Duration;
import java.util.Optional;
import java.util.logging.Logger;
import javax.sql.DataSource;

/** Makes connections to one database. A subclass for each driver; only a subclass names the driver's classes. */
public abstract class Connector implements DataSource {

    private static final int CLOSING_SECONDS = 5;
    private static final Duration REST = Duration.ofSeconds(2);

    private volatile Failure failure;

    private record Failure(SQLException reason, long at) {}

    /**
     * The connector for a URL.
     *
     * @param drivers where the driver for MySQL is
     * @throws DatabaseException if the driver is one that should have come with Postern and did not
     */
    public static Connector to(DatabaseUrl url, Login.Source logins, MariaDbConnector.Drivers drivers)
            throws DatabaseException {
        try {
            return switch (url) {
                case DatabaseUrl.Sqlite file -> new SqliteConnector(file.file());
                case DatabaseUrl.Server server ->
                    switch (server.kind()) {
                        case POSTGRESQL -> new PostgresqlConnector(server, logins);
                        case MARIADB -> new MariaDbConnector(server, logins, drivers);
                    };
            };
        } catch (LinkageError missing) {
            throw new DatabaseException("the driver for " + url.place() + " is not installed");
        }
    }

    /**
     * A new connection. After a failure the database is left alone for a moment and the failure repeated: a pool that has
     * no connection asks again and again, and a server may lock an account at which a wrong password is tried so often.
     */
    @Override
    public final Connection getConnection() throws SQLException {
        Optional<SQLException> resting = resting();
        if (resting.isPresent()) {
            throw resting.get();
        }
        try {
            return connect();
        } catch (SQLException failed) {
            failure = new Failure(failed, System.nanoTime());
            throw failed;
        }
    }

    /** Why no connection can be had at this moment, if one could not a moment ago. */
    final Optional<SQLException> resting() {
        Failure last = failure;
        return last != null && System.nanoTime() - last.at() < REST.toNanos()
                ? Optional.of(last.reason())
                : Optional.empty();
    }

    abstract Connection connect() throws SQLException;

    /** The place for logs and errors. */
    abstract String place();

    /** Whether the octets of a text column are its text in UTF-8, whatever the table says. */
    boolean givesUtf8() {
        return true;
    }

    /** A statement whose answer takes the place of the last one in the driver's memory, where it would stay with the connection. */
    Optional<String> overwriting() {
        return Optional.empty();
    }

    /** Whether connections are told that nothing will be written. */
    boolean isReadOnly() {
        return true;
    }

    /** A login, or why there is none in the words of JDBC. */
    static Login login(Login.Source logins) throws SQLException {
        try {
            return logins.login();
        } catch (DatabaseException none) {
            throw new SQLException(none.getMessage());
        }
    }

    @Override
    public final Connection getConnection(String user, String password) throws SQLException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public final PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public final void setLogWriter(PrintWriter out) {
        // Drivers log where they like, which is slf4j or nowhere.
    }

    @Override
    public final void setLoginTimeout(int seconds) {
        // Set on each driver by its own name, together with its other limits.
    }

    /** How long the pool waits for connections that are being made when it closes. */
    @Override
    public final int getLoginTimeout() {
        return CLOSING_SECONDS;
    }

    @Override
    public final Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public final <T> T unwrap(Class<T> type) throws SQLException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public final boolean isWrapperFor(Class<?> type) {
        return false;
    }
}
