// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.postgresql;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.spi.cluster.SharedRegisters;
import org.postern.spi.credential.Secret;
import org.postern.testkit.SharedRegistersContract;

/** What all registers promise, for those in PostgreSQL. */
@Timeout(120)
class PostgresqlRegistersContractTest implements SharedRegistersContract {

    @RegisterExtension
    static final Databases DATABASES = new Databases();

    private final List<Database> opened = new ArrayList<>();
    private String name;

    @Override
    public SharedRegisters node() throws Exception {
        if (name == null) {
            name = DATABASES.make();
        }
        Database database = new Database(DATABASES.options(name, Node.LEASE, 1), Databases.environment());
        opened.add(database);
        try (var connection = database.connectApart();
                Secret key = Secret.of("a key of 32 octets for all tests")) {
            Schema.provide(connection);
            return new PostgresqlRegisters(database, new ClusterKey(key), "a node");
        }
    }

    /** Only the database's clock ends a register: it is made older. */
    @Override
    public void pass(Duration life) throws Exception {
        DATABASES.execute(
                name, "UPDATE postern_register SET expires = expires - interval '" + life.toMillis() + " ms'");
    }

    @AfterEach
    void close() {
        opened.forEach(Database::close);
    }
}
