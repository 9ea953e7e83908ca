// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.postgresql;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.postern.testkit.database.PostgresqlServer;

/** A server for the tests of one class, and databases for spools in it. Where PostgreSQL is not installed they are skipped. */
final class Databases implements BeforeAllCallback, AfterAllCallback {

    private PostgresqlServer server;
    private int made;

    @Override
    public void beforeAll(ExtensionContext tests) throws IOException, InterruptedException {
        assumeTrue(PostgresqlServer.isInstalled(), PostgresqlServer.MISSING);
        server = PostgresqlServer.create();
    }

    PostgresqlServer server() {
        return server;
    }

    /** A database that nobody has used. */
    String make() throws SQLException {
        String name = "spool" + made++;
        execute("postgres", "CREATE DATABASE " + name);
        return name;
    }

    /** What a stanza for this database says. */
    SpoolOptions options(String database, Duration lease, int maxHeld) {
        return options(database, lease, maxHeld, Optional.empty());
    }

    /** The same with a key that nodes share. */
    SpoolOptions options(String database, Duration lease, int maxHeld, Path key) {
        return options(database, lease, maxHeld, Optional.of(key));
    }

    private SpoolOptions options(String database, Duration lease, int maxHeld, Optional<Path> key) {
        SpoolOptions read = SpoolOptions.read(
                Map.of(
                        "url",
                        server.url(database),
                        "user",
                        PostgresqlServer.USER,
                        "password_env",
                        "DB_PASSWORD",
                        "connections",
                        "8"),
                "test");
        return new SpoolOptions(read.server(), read.login(), read.connections(), lease, maxHeld, key, read.node());
    }

    static Map<String, String> environment() {
        return Map.of("DB_PASSWORD", PostgresqlServer.PASSWORD);
    }

    void execute(String database, String sql) throws SQLException {
        try (Connection connection = server.connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    long count(String database, String sql) throws SQLException {
        try (Connection connection = server.connect(database);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    @Override
    public void afterAll(ExtensionContext tests) {
        if (server != null) {
            server.close();
        }
    }
}
