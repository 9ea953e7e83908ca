// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.datasource;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The databases of a datasource, asked in turn. Those that are down are passed over while another one is up. */
final class Backends implements AutoCloseable {

    private final List<Backend> backends;
    private final AtomicInteger turn = new AtomicInteger();

    Backends(List<Backend> backends) {
        this.backends = List.copyOf(backends);
    }

    /**
     * A connection and where it leads.
     *
     * @param connection to be closed
     * @param backend its database
     */
    record Leased(Connection connection, Backend backend) implements AutoCloseable {

        DatasourceUri uri() {
            return backend.uri();
        }

        /** It is not to be used again once it is closed. */
        void spoil() {
            backend.spoil(connection);
        }

        @Override
        public void close() throws SQLException {
            connection.close();
        }
    }

    /** @throws DatasourceException if no database can be reached; the text says why, for each */
    Leased lease() throws DatasourceException {
        List<String> reasons = new ArrayList<>();
        for (Backend backend : inTurn()) {
            try {
                return new Leased(backend.connection(), backend);
            } catch (SQLException unreachable) {
                reasons.add(backend.uri().place() + ": " + unreachable.getMessage());
            }
        }
        throw new DatasourceException(
                reasons.isEmpty() ? "no uri of this datasource is right" : String.join("; ", reasons));
    }

    /** Those that rest come last: they are better than nothing, when there is nothing else. */
    private List<Backend> inTurn() {
        List<Backend> order = new ArrayList<>();
        List<Backend> resting = new ArrayList<>();
        int first = turn.getAndIncrement();
        for (int i = 0; i < backends.size(); i++) {
            Backend backend = backends.get(Math.floorMod(first + i, backends.size()));
            (backend.isResting() ? resting : order).add(backend);
        }
        return order.isEmpty() ? resting : order;
    }

    @Override
    public void close() {
        backends.forEach(Backend::close);
    }
}
