// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.postgresql;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.postern.spi.mail.MessageId;
import org.postern.spi.spool.RecipientUpdate;

/** Writes what became of messages. Each write goes to the server at once as a whole, is one transaction, and may be repeated. */
final class Notes {

    private static final String ON_CONFLICT =
            " ON CONFLICT (message, recipient) DO UPDATE SET settled = excluded.settled, attempts = excluded.attempts,"
                    + " due_second = excluded.due_second, due_nano = excluded.due_nano, on_hold = excluded.on_hold"
                    + " WHERE NOT postern_recipient.settled;";

    private static final String ALL_SETTLED =
            "m.recipients = (SELECT count(*) FROM postern_recipient r WHERE r.message = m.id AND r.settled)";

    /**
     * Two writers of one message go one after the other, or neither would see that with the other's recipient all are
     * settled. That a recipient is settled is never taken back.
     */
    private static final String WRITE = "SELECT 1 FROM postern_message WHERE id = ? FOR UPDATE;"
            + " INSERT INTO postern_recipient"
            + " SELECT m.id, u.* FROM postern_message m,"
            + " unnest(?::int[], ?::boolean[], ?::int[], ?::bigint[], ?::int[], ?::boolean[])"
            + " AS u (recipient, settled, attempts, due_second, due_nano, on_hold)"
            + " WHERE m.id = ? AND (u.settled OR m.holder = ?)"
            + ON_CONFLICT
            + " UPDATE postern_message m SET due = coalesce(r.due, " + Long.MAX_VALUE + ") FROM"
            + " (SELECT count(*) AS noted, min(due_second) FILTER (WHERE NOT settled AND NOT on_hold) AS due"
            + " FROM postern_recipient WHERE message = ?) r"
            + " WHERE m.id = ? AND r.noted = m.recipients;"
            + " DELETE FROM postern_part WHERE message = ? AND NOT EXISTS (SELECT FROM postern_message m WHERE m.id = message"
            + " AND m.recipients > (SELECT count(*) FROM postern_recipient r WHERE r.message = m.id AND r.settled));"
            + " DELETE FROM postern_message m WHERE m.id = ? AND " + ALL_SETTLED;

    /** The same for messages that the transaction has locked. */
    private static final String WRITE_ALL = "INSERT INTO postern_recipient"
            + " SELECT * FROM unnest(?::text[], ?::int[], ?::boolean[], ?::int[], ?::bigint[], ?::int[], ?::boolean[])"
            + ON_CONFLICT
            + " UPDATE postern_message m SET due = coalesce(r.due, " + Long.MAX_VALUE + ") FROM"
            + " (SELECT message, count(*) AS noted, min(due_second) FILTER (WHERE NOT settled AND NOT on_hold) AS due"
            + " FROM postern_recipient WHERE message = ANY (?) GROUP BY message) r"
            + " WHERE m.id = r.message AND r.noted = m.recipients;"
            + " DELETE FROM postern_part p USING postern_message m WHERE p.message = ANY (?) AND m.id = p.message AND "
            + ALL_SETTLED + ";"
            + " DELETE FROM postern_message m WHERE m.id = ANY (?) AND " + ALL_SETTLED;

    private static final String REMOVE =
            "DELETE FROM postern_part WHERE message = ?; DELETE FROM postern_message WHERE id = ?";

    /** Not if another part of the message may wait in the node's queue. */
    private static final String GIVE_BACK = "UPDATE postern_message m SET holder = 0 WHERE id = ? AND holder = ?"
            + " AND due > extract(epoch FROM clock_timestamp()) + " + Holding.SOON
            + " AND recipients = (SELECT count(*) FROM postern_recipient r WHERE r.message = m.id"
            + " AND (r.settled OR NOT r.on_hold AND r.recipient = ANY (?)))";

    private Notes() {}

    /** Returns whether nothing is left to be done for the message. */
    static boolean write(Connection connection, long node, MessageId id, List<RecipientUpdate> updates)
            throws SQLException {
        try (PreparedStatement write = connection.prepareStatement(WRITE)) {
            write.setString(1, id.value());
            int at = states(connection, write, 1, updates);
            write.setString(++at, id.value());
            write.setLong(++at, node);
            for (int i = 0; i < 4; i++) {
                write.setString(++at, id.value());
            }
            return last(write, write.execute()) > 0;
        }
    }

    /** Writes for many messages, which the transaction has locked and nobody holds. */
    static void writeAll(Connection connection, Map<MessageId, List<RecipientUpdate>> updates) throws SQLException {
        List<String> owners = new ArrayList<>();
        List<RecipientUpdate> all = new ArrayList<>();
        updates.forEach((id, own) -> own.forEach(update -> {
            owners.add(id.value());
            all.add(update);
        }));
        if (all.isEmpty()) {
            return;
        }
        Array names = connection.createArrayOf(
                "text", updates.keySet().stream().map(MessageId::value).toArray());
        try (PreparedStatement write = connection.prepareStatement(WRITE_ALL)) {
            write.setArray(1, connection.createArrayOf("text", owners.toArray()));
            int at = states(connection, write, 1, all);
            for (int i = 0; i < 3; i++) {
                write.setArray(++at, names);
            }
            write.execute();
        }
    }

    /** Sets six parameters behind this one; returns the last of them. */
    private static int states(Connection connection, PreparedStatement write, int before, List<RecipientUpdate> updates)
            throws SQLException {
        int at = before;
        write.setArray(++at, array(connection, "int4", updates, RecipientUpdate::index));
        write.setArray(
                ++at,
                array(connection, "bool", updates, update -> update.state().settled()));
        write.setArray(
                ++at,
                array(connection, "int4", updates, update -> update.state().attempts()));
        write.setArray(
                ++at,
                array(
                        connection,
                        "int8",
                        updates,
                        update -> update.state().due().getEpochSecond()));
        write.setArray(
                ++at,
                array(
                        connection,
                        "int4",
                        updates,
                        update -> update.state().due().getNano()));
        write.setArray(
                ++at,
                array(connection, "bool", updates, update -> update.state().onHold()));
        return at;
    }

    private static Array array(
            Connection connection,
            String type,
            Collection<RecipientUpdate> updates,
            Function<RecipientUpdate, Object> part)
            throws SQLException {
        return connection.createArrayOf(type, updates.stream().map(part).toArray());
    }

    /** How many rows the last of the statements changed. */
    private static int last(PreparedStatement executed, boolean first) throws SQLException {
        int last = 0;
        boolean rows = first;
        while (rows || executed.getUpdateCount() >= 0) {
            last = rows ? 0 : executed.getUpdateCount();
            rows = executed.getMoreResults();
        }
        return last;
    }

    /** Returns whether the node no longer holds the message, of which it has only these recipients in hand. */
    static boolean giveBack(Connection connection, long node, MessageId id, Collection<RecipientUpdate> updates)
            throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(GIVE_BACK)) {
            update.setString(1, id.value());
            update.setLong(2, node);
            update.setArray(3, array(connection, "int4", updates, RecipientUpdate::index));
            return update.executeUpdate() > 0;
        }
    }

    /** Forgets a message. */
    static Void remove(Connection connection, MessageId id) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(REMOVE)) {
            delete.setString(1, id.value());
            delete.setString(2, id.value());
            delete.execute();
            return null;
        }
    }
}
