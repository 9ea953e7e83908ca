// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.postgresql;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postern.spi.mail.MessageId;
import org.postern.spi.spool.RecipientState;
import org.postern.spi.spool.SpooledMessage;

/** Reads messages. What was noted about recipients comes as arrays, so that a message is one row, and seen at one moment. */
final class StoredStates {

    /** For queries that have {@link #JOIN}. */
    static final String COLUMNS = "s.recipients, s.settled, s.attempts, s.due_seconds, s.due_nanos, s.on_hold";

    /** For queries in which {@code m} is the message. */
    static final String JOIN =
            "LEFT JOIN LATERAL (SELECT array_agg(recipient) AS recipients, array_agg(settled) AS settled,"
                    + " array_agg(attempts) AS attempts, array_agg(due_second) AS due_seconds, array_agg(due_nano) AS due_nanos,"
                    + " array_agg(on_hold) AS on_hold FROM postern_recipient WHERE message = m.id) s ON true";

    static final String FIND =
            "SELECT m.id, m.head, m.size, " + COLUMNS + " FROM postern_message m " + JOIN + " WHERE m.id = ?";

    /** Several at once. */
    static final String FIND_ALL =
            "SELECT m.id, m.head, m.size, " + COLUMNS + " FROM postern_message m " + JOIN + " WHERE m.id = ANY (?)";

    private StoredStates() {}

    static Optional<SpooledMessage> find(Connection connection, MessageId id) throws SQLException {
        return find(connection, FIND, id);
    }

    /** @param query has the columns, and one parameter for the name */
    static Optional<SpooledMessage> find(Connection connection, String query, MessageId id) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(query)) {
            select.setString(1, id.value());
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(message(row)) : Optional.empty();
            }
        }
    }

    /** @throws SQLException also where what is stored is not readable, with the message's name */
    static SpooledMessage message(ResultSet row) throws SQLException {
        MessageId id = new MessageId(row.getString("id"));
        try {
            MessageHead head = MessageHead.read(row.getBytes("head"));
            return new SpooledMessage(
                    id,
                    head.envelope(),
                    head.binding(),
                    head.context(),
                    head.received(),
                    row.getLong("size"),
                    states(row, head));
        } catch (IOException damaged) {
            throw new UncheckedIOException("message " + id + ": " + damaged.getMessage(), damaged);
        }
    }

    private static List<RecipientState> states(ResultSet row, MessageHead head) throws SQLException {
        List<RecipientState> states = new ArrayList<>();
        RecipientState fresh = RecipientState.fresh(head.received());
        head.envelope().recipients().forEach(recipient -> states.add(fresh));
        Array recipients = row.getArray("recipients");
        if (recipients == null) {
            return states;
        }
        Integer[] indices = (Integer[]) recipients.getArray();
        Boolean[] settled = (Boolean[]) row.getArray("settled").getArray();
        Integer[] attempts = (Integer[]) row.getArray("attempts").getArray();
        Long[] seconds = (Long[]) row.getArray("due_seconds").getArray();
        Integer[] nanos = (Integer[]) row.getArray("due_nanos").getArray();
        Boolean[] onHold = (Boolean[]) row.getArray("on_hold").getArray();
        for (int i = 0; i < indices.length; i++) {
            states.set(
                    indices[i],
                    new RecipientState(
                            settled[i], attempts[i], Instant.ofEpochSecond(seconds[i], nanos[i]), onHold[i]));
        }
        return states;
    }
}
