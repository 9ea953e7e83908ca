// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.postgresql;

import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.postern.spi.mail.MessageId;
import org.postern.spi.spool.SpooledMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What no node that lives holds, for operators. It is read in pieces, each with a statement of its own: an operator who looks
 * at a long list keeps neither a connection nor a transaction.
 *
 * <p>Threading: any thread.
 */
final class Unheld {

    private static final Logger LOG = LoggerFactory.getLogger(Unheld.class);

    private static final int BATCH = 500;

    /** Nobody, and nodes that are gone. */
    static final String HOLDERS = "(SELECT 0 UNION ALL SELECT id FROM postern_node WHERE gone)";

    private static final String PARTS = "SELECT m.place, m.id, m.head, m.size, " + StoredStates.COLUMNS
            + " FROM (%s) m " + StoredStates.JOIN + " ORDER BY m.place";

    /** Finds a few quickly among many that are held. */
    private static final String FIRST = PARTS.formatted("SELECT id AS place, id, head, size FROM postern_message"
            + " WHERE holder IN " + HOLDERS + " ORDER BY id LIMIT " + BATCH);

    /**
     * Goes by names through all messages, those that are held included. Only the names of those that are not held, after a
     * given one, would leave the server the choice to sort all of them for each piece, and where its statistics are old it
     * would choose that.
     */
    private static final String NEXT = PARTS.formatted("SELECT id AS place, CASE WHEN free THEN id END AS id,"
            + " CASE WHEN free THEN head END AS head, size FROM (SELECT id, head, size, holder IN " + HOLDERS
            + " AS free FROM postern_message WHERE id > ? ORDER BY id LIMIT " + BATCH + ") one");

    private static final String FIND = StoredStates.FIND + " AND m.holder IN " + HOLDERS;

    private final Database database;

    Unheld(Database database) {
        this.database = database;
    }

    /** Tells of each, in the order of names, which is about the order of acceptance. */
    void visit(Consumer<SpooledMessage> visitor) throws SQLException {
        Piece piece = read(Optional.empty());
        piece.messages().forEach(visitor);
        while (piece.rows() == BATCH) {
            piece = read(piece.last());
            piece.messages().forEach(visitor);
        }
    }

    /**
     * Some messages.
     *
     * @param messages those of them that are not held and can be read
     * @param rows how many there are
     * @param last the name of the last of all, if there are any
     */
    private record Piece(List<SpooledMessage> messages, int rows, Optional<String> last) {}

    private Piece read(Optional<String> after) throws SQLException {
        try (Connection connection = database.connect();
                PreparedStatement select = connection.prepareStatement(after.isPresent() ? NEXT : FIRST)) {
            if (after.isPresent()) {
                select.setString(1, after.get());
            }
            try (ResultSet rows = select.executeQuery()) {
                return read(rows);
            }
        }
    }

    private static Piece read(ResultSet rows) throws SQLException {
        List<SpooledMessage> messages = new ArrayList<>();
        Optional<String> last = Optional.empty();
        int count = 0;
        while (rows.next()) {
            count++;
            last = Optional.of(rows.getString("place"));
            if (rows.getString("id") != null) {
                add(rows, messages);
            }
        }
        return new Piece(messages, count, last);
    }

    private static void add(ResultSet row, List<SpooledMessage> messages) throws SQLException {
        try {
            messages.add(StoredStates.message(row));
        } catch (UncheckedIOException damaged) {
            LOG.error("{}; it stays in the database", damaged.getMessage());
        }
    }

    Optional<SpooledMessage> find(MessageId id) throws SQLException {
        try (Connection connection = database.connect()) {
            return StoredStates.find(connection, FIND, id);
        }
    }
}
