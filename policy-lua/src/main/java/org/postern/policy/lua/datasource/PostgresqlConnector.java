// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.datasource;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.postgresql.ds.PGSimpleDataSource;

/** Connects to PostgreSQL. */
final class PostgresqlConnector extends Connector {

    private static final int CONNECT_SECONDS = 5;

    private final Login.Source logins;
    private final PGSimpleDataSource driver = new PGSimpleDataSource();

    PostgresqlConnector(DatasourceUri.Server uri, Login.Source logins) {
        this.logins = logins;
        driver.setServerNames(new String[] {uri.host()});
        driver.setPortNumbers(new int[] {uri.port()});
        driver.setDatabaseName(uri.database());
        driver.setApplicationName("postern");
        driver.setConnectTimeout(Optional.ofNullable(uri.options().get("connect_timeout"))
                .map(Integer::parseInt)
                .orElse(CONNECT_SECONDS));
        driver.setTcpKeepAlive(true);
        // Parameters go without a type, as they do through libpq, so that a number finds a column of text.
        driver.setStringType("unspecified");
        // The detail of an error quotes rows.
        driver.setLogServerErrorDetail(false);
        Optional.ofNullable(uri.options().get("sslmode")).ifPresent(driver::setSslMode);
        Optional.ofNullable(uri.options().get("sslrootcert")).ifPresent(driver::setSslRootCert);
    }

    @Override
    Connection connect() throws SQLException {
        Login login = login(logins);
        return driver.getConnection(login.user().orElse(null), login.passwordText());
    }
}
