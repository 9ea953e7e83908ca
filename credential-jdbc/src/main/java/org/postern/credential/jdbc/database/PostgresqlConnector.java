// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.jdbc.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.postgresql.ds.PGSimpleDataSource;

/** Connects to PostgreSQL. */
final class PostgresqlConnector extends Connector {

    private static final int CONNECT_SECONDS = 3;

    private final DatabaseUrl.Server url;
    private final Login.Source logins;
    private final PGSimpleDataSource driver = new PGSimpleDataSource();

    PostgresqlConnector(DatabaseUrl.Server url, Login.Source logins) {
        this.url = url;
        this.logins = logins;
        driver.setServerNames(url.hosts().stream().map(DatabaseUrl.Host::name).toArray(String[]::new));
        driver.setPortNumbers(
                url.hosts().stream().mapToInt(DatabaseUrl.Host::port).toArray());
        driver.setDatabaseName(url.database());
        driver.setApplicationName("postern");
        driver.setConnectTimeout(CONNECT_SECONDS);
        driver.setTcpKeepAlive(true);
        // Parameters go without a type, so that a key finds a column of numbers.
        driver.setStringType("unspecified");
        // Statements without names: they survive a changed table, and proxies that share connections.
        driver.setPrepareThreshold(0);
        // The detail of an error quotes rows.
        driver.setLogServerErrorDetail(false);
        url.properties().forEach(this::set);
    }

    private void set(String name, String value) {
        try {
            driver.setProperty(name, value);
        } catch (SQLException unknown) {
            throw new IllegalStateException("the driver does not know " + name, unknown);
        }
    }

    @Override
    Connection connect() throws SQLException {
        try (Login login = login(logins)) {
            return driver.getConnection(login.user().orElse(null), login.passwordText());
        }
    }

    @Override
    String place() {
        return url.place();
    }

    // The driver reads into 8 kB that it has for as long as the connection, and values of less than 1 kB only by way of
    // them.
    @Override
    Optional<String> overwriting() {
        return Optional.of("SELECT repeat('0', 900) FROM generate_series(1, 10)");
    }
}
