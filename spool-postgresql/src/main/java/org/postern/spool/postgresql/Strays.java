// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.postgresql;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.postern.spi.mail.MessageId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts right what a connection that broke in the middle of a statement left behind: mail whose sender was told that it was
 * not accepted, and mail that the database says is this node's while its engine has never seen it.
 *
 * <p>Threading: any thread; {@link #settle} from one at a time.
 */
final class Strays {

    private static final Logger LOG = LoggerFactory.getLogger(Strays.class);

    private static final String FORGET =
            "DELETE FROM postern_part WHERE message = ANY (?);" + " DELETE FROM postern_message WHERE id = ANY (?)";

    private static final String OWN = "SELECT id FROM postern_message WHERE holder = ?";

    private static final String RELEASE = "UPDATE postern_message SET holder = 0 WHERE id = ANY (?) AND holder = ?";

    private final Database database;
    private final long node;
    private final Holding holding;
    private final Set<MessageId> refused = ConcurrentHashMap.newKeySet();
    private volatile boolean suspected;

    Strays(Database database, long node, Holding holding) {
        this.database = database;
        this.node = node;
        this.holding = holding;
    }

    /** This message was not accepted, and nobody knows whether any of it was stored. */
    void refused(MessageId id) {
        refused.add(id);
    }

    /** Mail may have been taken over without anybody here hearing of it. */
    void suspect() {
        suspected = true;
    }

    /** Does what is to be done, if anything. */
    void settle() throws SQLException {
        if (refused.isEmpty() && !suspected) {
            return;
        }
        try (Connection connection = database.connect()) {
            forgetRefused(connection);
            if (suspected) {
                // Before the look, so that what is suspected meanwhile is looked for next time.
                suspected = false;
                releaseUnknown(connection);
            }
        }
    }

    private void forgetRefused(Connection connection) throws SQLException {
        List<MessageId> ids = List.copyOf(refused);
        if (ids.isEmpty()) {
            return;
        }
        try (PreparedStatement delete = connection.prepareStatement(FORGET)) {
            delete.setArray(1, texts(connection, ids));
            delete.setArray(2, texts(connection, ids));
            delete.execute();
        }
        ids.forEach(refused::remove);
        ids.forEach(holding::abandon);
    }

    private void releaseUnknown(Connection connection) throws SQLException {
        List<MessageId> stored = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(OWN)) {
            select.setLong(1, node);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    stored.add(new MessageId(rows.getString(1)));
                }
            }
        }
        Set<MessageId> unknown = holding.unknown(stored);
        if (unknown.isEmpty()) {
            return;
        }
        try (PreparedStatement update = connection.prepareStatement(RELEASE)) {
            update.setArray(1, texts(connection, unknown));
            update.setLong(2, node);
            LOG.info("{} messages that a broken connection left behind are free again", update.executeUpdate());
        }
    }

    private static Array texts(Connection connection, Collection<MessageId> ids) throws SQLException {
        return connection.createArrayOf(
                "text", ids.stream().map(MessageId::value).toArray());
    }
}
