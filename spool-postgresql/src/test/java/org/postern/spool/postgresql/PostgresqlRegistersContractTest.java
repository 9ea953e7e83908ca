// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.postgresql;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.postern.spi.cluster.SharedRegisters;
import org.postern.spi.credential.Secret;
import org.postern.testkit.SharedRegistersContract;
import org.postern.testkit.database.PostgresqlServer;

/** What all registers promise, for those in PostgreSQL. */
@Timeout(120)
class PostgresqlRegistersContractTest implements SharedRegistersContract {

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
    public SharedRegisters node() throws Exception {
        Databases running = databases.orElseThrow();
        if (name == null) {
            name = running.make();
        }
        Database database = new Database(running.options(name, Node.LEASE, 1), Databases.environment());
        opened.add(database);
        try (var connection = database.connectApart();
                Secret key = Secret.of("a key of 32 octets for all tests")) {
            Schema.provide(connection);
            return new PostgresqlRegisters(database, new ClusterKey(key));
        }
    }

    /** Only the database's clock ends a register: it is made older. */
    @Override
    public void pass(Duration life) throws Exception {
        databases
                .orElseThrow()
                .execute(name, "UPDATE postern_register SET expires = expires - interval '" + life.toMillis() + " ms'");
    }

    @AfterEach
    void close() {
        opened.forEach(Database::close);
    }
}
