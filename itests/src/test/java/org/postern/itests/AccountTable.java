// SPDX-License-Identifier: Apache-2.0
package org.postern.itests;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.sqlite.SQLiteDataSource;

/** A secret in a table of SQLite. */
final class AccountTable implements LiveSecret {

    /** How another bundle offers the database. */
    static final String SERVICE = "jdbc/accounts";

    // One connection, so that a test that counts threads finds as many at the end as at its beginning.
    private static final String OPTIONS =
            "Query = \"SELECT login AS username, secret AS password, version FROM accounts WHERE name = :key\" "
                    + "Changes = \"SELECT name AS 'key', version FROM accounts\" Poll = 1 Connections = 1";

    private final SQLiteDataSource database = new SQLiteDataSource();
    private final String stanza;
    private final String place;

    /** @param offered whether the store finds the database as a service, and not by its file */
    AccountTable(Instance instance, boolean offered) throws Exception {
        // A name of its own, because the engine goes on with what a store said that is away.
        stanza = offered ? "offered" : "accounts";
        Path file = instance.directory().resolve(stanza + ".db");
        if (!Files.exists(file)) {
            Files.createFile(file, LiveSecret.permissions("rw-------"));
        }
        database.setUrl("jdbc:sqlite:" + file);
        place = offered ? "DataSource = \"" + SERVICE + "\"" : "URL = \"" + database.getUrl() + "\"";
        execute(
                "CREATE TABLE IF NOT EXISTS accounts (name TEXT PRIMARY KEY, login TEXT, secret TEXT, version INTEGER)");
    }

    DataSource database() {
        return database;
    }

    @Override
    public String stanza() {
        return "Credential_JDBC \"" + stanza + "\" { " + place + " " + OPTIONS + " }\n";
    }

    @Override
    public String key() {
        return stanza + "/relay-1";
    }

    @Override
    public void set(String password) throws SQLException {
        execute(
                "INSERT INTO accounts VALUES ('relay-1', 'carol', ?, 1) "
                        + "ON CONFLICT (name) DO UPDATE SET secret = excluded.secret, version = version + 1",
                password);
    }

    private void execute(String sql, String... parameters) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setString(i + 1, parameters[i]);
            }
            statement.execute();
        }
    }
}
