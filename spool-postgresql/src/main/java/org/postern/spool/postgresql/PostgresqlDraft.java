// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.postgresql;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.postern.spi.mail.Binding;
import org.postern.spi.mail.Envelope;
import org.postern.spi.mail.MessageId;
import org.postern.spi.spool.Draft;
import org.postern.spi.spool.Receipt;
import org.postern.spi.spool.RecipientState;
import org.postern.spi.spool.SpooledMessage;

/**
 * A message on its way in. A short content stays in memory and goes with the rest in one statement, whose commit is the
 * promise. A long one goes to the database part by part as it comes.
 */
final class PostgresqlDraft implements Draft {

    /** The longest content in one row, and the length of a part. */
    static final int PART = 256 * 1024;

    private static final int FIRST = 8 * 1024;

    private static final String ADD_PART =
            "INSERT INTO postern_part (message, part, node, content) VALUES (?, ?, ?, ?)";

    /** Nothing is accepted in the name of a node that is gone. */
    private static final String ADD = "INSERT INTO postern_message"
            + " (id, holder, due, head, recipients, size, checksum, content)"
            + " SELECT ?, ?, ?, ?, ?, ?, ?, ? FROM postern_node WHERE id = ? AND NOT gone";

    private final Database database;
    private final long node;
    private final MessageId id;
    private final Holding holding;
    private final Strays strays;
    private final CRC32C checksum = new CRC32C();
    private byte[] buffer = new byte[FIRST];
    private int filled;
    private int parts;
    private long size;
    private boolean committed;

    PostgresqlDraft(Database database, long node, MessageId id, Holding holding, Strays strays) {
        this.database = database;
        this.node = node;
        this.id = id;
        this.holding = holding;
        this.strays = strays;
    }

    @Override
    public void write(ByteBuffer content) throws IOException {
        checksum.update(content.duplicate());
        size += content.remaining();
        while (content.hasRemaining()) {
            if (filled == PART) {
                flush();
            }
            int length = Math.min(content.remaining(), PART - filled);
            if (filled + length > buffer.length) {
                buffer = Arrays.copyOf(buffer, Math.min(PART, Math.max(filled + length, 2 * buffer.length)));
            }
            content.get(buffer, filled, length);
            filled += length;
        }
    }

    private void flush() throws IOException {
        try (Connection connection = database.connect();
                PreparedStatement insert = connection.prepareStatement(ADD_PART)) {
            insert.setString(1, id.value());
            insert.setInt(2, parts);
            insert.setLong(3, node);
            insert.setBytes(4, Arrays.copyOf(buffer, filled));
            parts++;
            insert.executeUpdate();
        } catch (SQLException failed) {
            throw Fault.toIo(database.place(), failed);
        }
        filled = 0;
    }

    @Override
    public Receipt commit(Envelope envelope, Binding binding, Map<String, String> context, Instant received)
            throws IOException {
        if (parts > 0) {
            flush();
        }
        MessageHead head = new MessageHead(envelope, binding, context, received);
        boolean hold = holding.room() > 0;
        RecipientState fresh = RecipientState.fresh(received);
        int recipients = envelope.recipients().size();
        add(head.toBytes(), recipients, received, hold);
        committed = true;
        if (hold) {
            holding.add(id, recipients, received.getEpochSecond());
        } else {
            holding.abandon(id);
        }
        List<RecipientState> states = Collections.nCopies(recipients, fresh);
        return new Receipt(new SpooledMessage(id, envelope, binding, context, received, size, states), hold);
    }

    private void add(byte[] head, int recipients, Instant received, boolean hold) throws IOException {
        holding.begin(id);
        boolean stored = false;
        boolean unclear = false;
        try (Connection connection = database.connect();
                PreparedStatement insert = connection.prepareStatement(ADD)) {
            insert.setString(1, id.value());
            insert.setLong(2, hold ? node : 0);
            insert.setLong(3, received.getEpochSecond());
            insert.setBytes(4, head);
            insert.setInt(5, recipients);
            insert.setLong(6, size);
            insert.setInt(7, (int) checksum.getValue());
            insert.setBytes(8, parts > 0 ? null : Arrays.copyOf(buffer, filled));
            insert.setLong(9, node);
            unclear = true;
            stored = insert.executeUpdate() > 0;
            unclear = false;
        } catch (SQLException failed) {
            unclear &= Fault.isUnclear(failed);
            // Closing a connection says nothing of what was done.
            if (!stored) {
                throw Fault.toIo(database.place(), failed);
            }
        } finally {
            if (unclear) {
                strays.refused(id);
            } else if (!stored) {
                holding.abandon(id);
            }
        }
        if (!stored) {
            throw new IOException("other nodes have taken over what this one held");
        }
    }

    @Override
    public void close() {
        if (!committed && parts > 0) {
            strays.refused(id);
            parts = 0;
        }
        buffer = new byte[0];
        filled = 0;
    }
}
