// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.postgresql;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Duration;
import java.util.Map;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** Makes connections, each with the password as it is now. */
final class Connector implements DataSource {

    private static final int CONNECT_SECONDS = 5;

    private final SpoolOptions options;
    private final Map<String, String> environment;
    private final PGSimpleDataSource driver = new PGSimpleDataSource();

    /** @param patience how long an answer is waited for; a server that gives none must not keep a thread for ever */
    Connector(SpoolOptions options, Map<String, String> environment, Duration patience) {
        this.options = options;
        this.environment = environment;
        int seconds = (int) Math.max(1, patience.toSeconds());
        driver.setConnectTimeout(Math.min(CONNECT_SECONDS, seconds));
        driver.setUrl(options.server().url());
        driver.setApplicationName("postern");
        driver.setSocketTimeout(seconds);
        driver.setTcpKeepAlive(true);
        // From the first use on the server knows a statement, and octets travel as they are.
        driver.setPrepareThreshold(1);
        // The detail of an error quotes rows.
        driver.setLogServerErrorDetail(false);
    }

    @Override
    public Connection getConnection() throws SQLException {
        return driver.getConnection(
                options.login().user().orElse(null), options.login().password(environment));
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(PrintWriter out) {
        // The driver logs by java.util.logging.
    }

    @Override
    public void setLoginTimeout(int seconds) {
        // Set on the driver, together with its other limits.
    }

    @Override
    public int getLoginTimeout() {
        return CONNECT_SECONDS;
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return false;
    }
}
