// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.postgresql;

import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.postern.spi.spool.SpooledMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes over what nobody holds and what nodes held that are gone: what is due first, and no more at once than there is room
 * for. Several nodes do so at the same time, each passing over the rows that another is just taking.
 */
final class Takeover {

    private static final Logger LOG = LoggerFactory.getLogger(Takeover.class);

    private static final int BATCH = 500;
    private static final long NOBODY = 0;

    private static final String SOURCES = "SELECT id, (SELECT extract(epoch FROM clock_timestamp())::bigint)"
            + " FROM (SELECT id FROM postern_node WHERE gone UNION ALL SELECT " + NOBODY + ") n ORDER BY id";

    private static final String TAKE = "WITH free AS (SELECT id FROM postern_message WHERE holder = ? AND due <= ?"
            + " ORDER BY due, id LIMIT ? FOR UPDATE SKIP LOCKED),"
            + " taken AS (UPDATE postern_message m SET holder = ? FROM free WHERE m.id = free.id"
            + " AND EXISTS (SELECT FROM postern_node WHERE id = ? AND NOT gone)"
            + " RETURNING m.id, m.head, m.size, m.recipients AS count, m.due)"
            + " SELECT m.id, m.head, m.size, m.count, m.due, " + StoredStates.COLUMNS + " FROM taken m "
            + StoredStates.JOIN + " ORDER BY m.due, m.id";

    private final Database database;
    private final long node;
    private final Holding holding;
    private volatile Consumer<SpooledMessage> consumer;

    Takeover(Database database, long node, Holding holding) {
        this.database = database;
        this.node = node;
        this.holding = holding;
    }

    /** Where mail goes. Until this is called, none is taken. */
    void handTo(Consumer<SpooledMessage> taker) {
        consumer = taker;
    }

    /**
     * Takes what there is room for.
     *
     * @throws SQLException if that failed; then the database may say that this node holds what it does not know of
     */
    void run(BooleanSupplier allowed) throws SQLException {
        if (consumer == null) {
            return;
        }
        try (Connection connection = database.connect()) {
            for (Source source : sources(connection)) {
                holding.look(source.now());
                int dueOnes = takeAll(connection, source.holder(), source.now() + Holding.SOON, holding::room, allowed);
                int sleepers = takeAll(connection, source.holder(), Long.MAX_VALUE, holding::roomForSleepers, allowed);
                if (source.holder() != NOBODY && dueOnes + sleepers > 0) {
                    LOG.info("took over {} messages of node {}, which is gone", dueOnes + sleepers, source.holder());
                }
            }
        }
    }

    private record Source(long holder, long now) {}

    private interface Room {
        int left();
    }

    private static List<Source> sources(Connection connection) throws SQLException {
        List<Source> sources = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(SOURCES);
                ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                sources.add(new Source(rows.getLong(1), rows.getLong(2)));
            }
        }
        return sources;
    }

    private int takeAll(Connection connection, long holder, long due, Room room, BooleanSupplier allowed)
            throws SQLException {
        int all = 0;
        int taken = BATCH;
        while (taken == BATCH && allowed.getAsBoolean()) {
            int most = Math.min(BATCH, room.left());
            taken = most == 0 ? 0 : take(connection, holder, due, most);
            all += taken;
        }
        return all;
    }

    private int take(Connection connection, long holder, long due, int most) throws SQLException {
        List<SpooledMessage> messages = new ArrayList<>();
        int rowCount = 0;
        try (PreparedStatement take = connection.prepareStatement(TAKE)) {
            take.setLong(1, holder);
            take.setLong(2, due);
            take.setInt(3, most);
            take.setLong(4, node);
            take.setLong(5, node);
            try (ResultSet rows = take.executeQuery()) {
                while (rows.next()) {
                    rowCount++;
                    read(rows, messages);
                }
            }
        }
        messages.forEach(consumer);
        return rowCount;
    }

    /** What cannot be read stays with this node, so that it is told of once; its neighbours go on. */
    private void read(ResultSet row, List<SpooledMessage> messages) throws SQLException {
        try {
            SpooledMessage message = StoredStates.message(row);
            holding.add(message.id(), row.getInt("count"), row.getLong("due"));
            messages.add(message);
        } catch (UncheckedIOException damaged) {
            LOG.error("{}; it stays in the database", damaged.getMessage());
        }
    }
}
