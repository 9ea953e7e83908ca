// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.jdbc.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Supplier;
import javax.sql.DataSource;

/** Takes connections from a data source that another bundle offers. It may come, go and be replaced. */
public final class ServiceConnector extends Connector {

    private final String name;
    private final Supplier<Optional<DataSource>> present;

    /** @param present the service of this name, if it is there */
    public ServiceConnector(String name, Supplier<Optional<DataSource>> present) {
        this.name = name;
        this.present = present;
    }

    @Override
    Connection connect() throws SQLException {
        Connection connection = present.get()
                .orElseThrow(() -> new SQLException("no DataSource service of this name is installed"))
                .getConnection();
        if (connection == null) {
            throw new SQLException("the DataSource service gave no connection");
        }
        return connection;
    }

    @Override
    String place() {
        return "DataSource " + name;
    }

    @Override
    boolean givesUtf8() {
        return false;
    }

    /** What that means to a connection of another bundle is that bundle's business. */
    @Override
    boolean isReadOnly() {
        return false;
    }
}
