// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.datasource;

import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.Pragma;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteOpenMode;

/** Opens an SQLite file that exists, and nothing but this file. */
final class SqliteConnector extends Connector {

    private static final int BUSY_MILLIS = 3_000;

    private final DatasourceUri.Sqlite uri;
    private final SQLiteDataSource driver;

    SqliteConnector(DatasourceUri.Sqlite uri) {
        this.uri = uri;
        SQLiteConfig config = new SQLiteConfig();
        // A file that is not there is a mistyped path, and an empty one in its place would hide that.
        config.resetOpenMode(SQLiteOpenMode.CREATE);
        config.enableLoadExtension(false);
        config.setBusyTimeout(BUSY_MILLIS);
        // A script has no files: neither ATTACH nor VACUUM INTO may reach one.
        config.setPragma(Pragma.LIMIT_ATTACHED, "0");
        config.setPragma(Pragma.LIMIT_LENGTH, String.valueOf(Execution.MOST_OCTETS));
        this.driver = new SQLiteDataSource(config);
        driver.setUrl("jdbc:sqlite:" + uri.file());
    }

    @Override
    Connection connect() throws SQLException {
        if (!Files.exists(uri.file())) {
            throw new SQLException(uri.file() + " does not exist");
        }
        return driver.getConnection();
    }
}
