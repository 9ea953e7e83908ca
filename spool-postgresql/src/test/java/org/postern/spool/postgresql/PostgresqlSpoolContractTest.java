// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.postgresql;

import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.spi.spool.Spool;
import org.postern.testkit.SpoolContract;

/**
 * What every spool promises, for the one in PostgreSQL. A spool that is given up is told nothing; for the next one its lease
 * has run out.
 */
@Timeout(120)
class PostgresqlSpoolContractTest implements SpoolContract {

    private static final Duration LEASE = Duration.ofHours(1);
    private static final int MAX_HELD = 100_000;

    @RegisterExtension
    static final Databases DATABASES = new Databases();

    private final List<Database> opened = new ArrayList<>();
    private String name;

    @Override
    public Spool open() throws SQLException {
        return open(MAX_HELD);
    }

    @Override
    public Optional<Spool> openHoldingOne() throws SQLException {
        return Optional.of(open(1));
    }

    private Spool open(int maxHeld) throws SQLException {
        if (name == null) {
            name = DATABASES.make();
        } else {
            DATABASES.execute(name, "UPDATE postern_node SET gone = true");
        }
        SpoolOptions options = DATABASES.options(name, LEASE, maxHeld);
        Database database = new Database(options, Databases.environment());
        opened.add(database);
        try (var connection = database.connectApart()) {
            Schema.provide(connection);
        }
        NodeLease lease = NodeLease.begin(database, options.node(), LEASE, System::nanoTime);
        return new PostgresqlSpool(database, lease, maxHeld, InstantSource.system());
    }

    @AfterEach
    void close() {
        opened.forEach(Database::close);
    }
}
