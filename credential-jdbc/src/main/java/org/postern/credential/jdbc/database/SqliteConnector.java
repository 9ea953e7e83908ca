// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.jdbc.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.Pragma;
import org.sqlite.SQLiteDataSource;

/** Opens an SQLite file that exists, to read, and nothing but this file. */
final class SqliteConnector extends Connector {

    private static final int BUSY_MILLIS = 2_000;
    private static final int LONGEST_VALUE = 16 * 1024 * 1024;

    private final Path file;
    private final SQLiteDataSource driver;

    SqliteConnector(Path file) {
        this.file = file;
        SQLiteConfig config = new SQLiteConfig();
        config.setReadOnly(true);
        config.enableLoadExtension(false);
        config.setBusyTimeout(BUSY_MILLIS);
        config.setPragma(Pragma.LIMIT_ATTACHED, "0");
        config.setPragma(Pragma.LIMIT_LENGTH, String.valueOf(LONGEST_VALUE));
        this.driver = new SQLiteDataSource(config);
        driver.setUrl("jdbc:sqlite:" + file);
    }

    @Override
    Connection connect() throws SQLException {
        try {
            if (!Files.exists(file)) {
                throw new SQLException(file + " does not exist");
            }
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
            if (permissions.contains(PosixFilePermission.OTHERS_READ)
                    || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
                throw new SQLException(file + " is open to all accounts: chmod o= " + file);
            }
        } catch (IOException | UnsupportedOperationException unknown) {
            throw new SQLException(
                    file + " cannot be looked at: " + unknown.getClass().getSimpleName());
        }
        Connection connection = driver.getConnection();
        try (Statement statement = connection.createStatement()) {
            // The file is not read before the first statement.
            statement.execute("PRAGMA schema_version");
            return connection;
        } catch (SQLException unreadable) {
            connection.close();
            throw unreadable;
        }
    }

    @Override
    String place() {
        return "jdbc:sqlite:" + file;
    }
}
