// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.postgresql;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.postern.spi.spool.Spool;
import org.postern.testkit.SpoolContract;
import org.postern.testkit.database.PostgresqlServer;

/**
 * What every spool promises, for the one in PostgreSQL. A spool that is given up is told nothing; for the next one its lease
 * has run out.
 */
@Timeout(120)
class PostgresqlSpoolContractTest implements SpoolContract {

    private static final Duration LEASE = Duration.ofHours(1);
    private static final int MAX_HELD = 100_000;

    private static Optional<Databases> databases = Optional.empty();

    private final List<Database> opened = new ArrayList<>();
    private String name;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(PostgresqlServer.isInstalled(), PostgresqlServer.MISSING);
        databases = Optional.of(Databases.create());
    }

    @AfterAll
    static void stop() {
        databases.ifPresent(Databases::close);
    }

    @Override
    public Spool open() throws SQLException {
        Databases running = databases.orElseThrow();
        if (name == null) {
            name = running.make();
        } else {
            running.execute(name, "UPDATE postern_node SET gone = true");
        }
        SpoolOptions options = running.options(name, LEASE, MAX_HELD);
        Database database = new Database(options, Databases.environment());
        opened.add(database);
        try (var connection = database.connectApart()) {
            Schema.provide(connection);
        }
        NodeLease lease = NodeLease.begin(database, options.node(), LEASE, System::nanoTime);
        return new PostgresqlSpool(database, lease, MAX_HELD, InstantSource.system());
    }

    @AfterEach
    void close() {
        opened.forEach(Database::close);
    }
}
