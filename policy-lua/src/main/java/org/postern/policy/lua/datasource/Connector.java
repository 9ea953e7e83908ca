// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.datasource;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Duration;
import java.util.logging.Logger;
import javax.sql.DataSource;

/** Makes connections to one database. A subclass for each driver; only a subclass names the driver's classes. */
abstract class Connector implements DataSource {

    private static final int CLOSING_SECONDS = 5;
    private static final Duration REST = Duration.ofSeconds(2);

    private volatile Failure failure;

    private record Failure(SQLException reason, long at) {}

    /**
     * The connector for a URI.
     *
     * @param drivers where the driver for MySQL is
     * @throws DatasourceException if the driver is one that should have come with Postern and did not
     */
    static Connector to(DatasourceUri uri, Login.Source logins, MariaDbConnector.Drivers drivers)
            throws DatasourceException {
        try {
            return switch (uri) {
                case DatasourceUri.Sqlite file -> new SqliteConnector(file);
                case DatasourceUri.Server server ->
                    switch (server.kind()) {
                        case POSTGRESQL -> new PostgresqlConnector(server, logins);
                        case MYSQL -> new MariaDbConnector(server, logins, drivers);
                    };
            };
        } catch (LinkageError missing) {
            throw new DatasourceException("the driver for " + uri.place() + " is not installed");
        }
    }

    /**
     * A new connection. After a failure the database is left alone for a moment and the failure repeated: a pool that has
     * no connection asks again and again, and a server may lock an account at which a wrong password is tried so often.
     */
    @Override
    public final Connection getConnection() throws SQLException {
        Failure last = failure;
        if (last != null && System.nanoTime() - last.at() < REST.toNanos()) {
            throw last.reason();
        }
        try {
            return connect();
        } catch (SQLException failed) {
            failure = new Failure(failed, System.nanoTime());
            throw failed;
        }
    }

    abstract Connection connect() throws SQLException;

    /** A login, or why there is none in the words of JDBC. */
    static Login login(Login.Source logins) throws SQLException {
        try {
            return logins.login();
        } catch (DatasourceException none) {
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
