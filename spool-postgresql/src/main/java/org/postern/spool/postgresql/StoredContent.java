// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.postgresql;

import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.zip.CRC32C;
import org.postern.spi.mail.MessageId;

/**
 * A long content, read part by part: no connection is kept while the peer takes its time. A part is given out only while the
 * lease holds.
 */
final class StoredContent extends InputStream {

    private static final String VIEW = "SELECT content, size, checksum FROM postern_message WHERE id = ?";
    private static final String OPEN = VIEW + " AND holder = ?";
    private static final String PART = "SELECT content FROM postern_part WHERE message = ? AND part = ?";

    private final Database database;
    private final NodeLease lease;
    private final MessageId id;
    private final long size;
    private final int expected;
    private final CRC32C checksum = new CRC32C();
    private InputStream current = InputStream.nullInputStream();
    private int next;
    private long given;

    private StoredContent(Database database, NodeLease lease, MessageId id, long size, int expected) {
        this.database = database;
        this.lease = lease;
        this.id = id;
        this.size = size;
        this.expected = expected;
    }

    /**
     * Opens the content of a message that this node holds.
     *
     * @throws FileNotFoundException if there is no such message, or another node holds it
     */
    static InputStream open(Database database, NodeLease lease, MessageId id) throws SQLException, IOException {
        try (Connection connection = database.connect();
                PreparedStatement select = connection.prepareStatement(OPEN)) {
            select.setString(1, id.value());
            select.setLong(2, lease.id());
            return open(database, lease, id, select);
        }
    }

    /**
     * Opens the content of a message, whoever holds it.
     *
     * @throws FileNotFoundException if there is no such message
     */
    static InputStream view(Database database, NodeLease lease, MessageId id) throws SQLException, IOException {
        try (Connection connection = database.connect();
                PreparedStatement select = connection.prepareStatement(VIEW)) {
            select.setString(1, id.value());
            return open(database, lease, id, select);
        }
    }

    private static InputStream open(Database database, NodeLease lease, MessageId id, PreparedStatement select)
            throws SQLException, IOException {
        try (ResultSet row = select.executeQuery()) {
            if (!row.next()) {
                throw new FileNotFoundException("message " + id + " is not held here");
            }
            byte[] content = row.getBytes(1);
            StoredContent stream = new StoredContent(database, lease, id, row.getLong(2), row.getInt(3));
            return content == null ? stream : stream.checked(content);
        }
    }

    private InputStream checked(byte[] content) throws IOException {
        checksum.update(content, 0, content.length);
        given = content.length;
        check();
        return new ByteArrayInputStream(content);
    }

    private void check() throws IOException {
        if (given != size || (int) checksum.getValue() != expected) {
            throw new IOException("the content of message " + id + " does not match its checksum");
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        int read = current.read(buffer, offset, length);
        if (read < 0 && given < size) {
            openNext();
            read = current.read(buffer, offset, length);
        }
        if (read > 0) {
            checksum.update(buffer, offset, read);
            given += read;
            if (given >= size) {
                check();
            }
        }
        return read;
    }

    private void openNext() throws IOException {
        if (!lease.isHeld()) {
            throw new IOException("another node may have taken over message " + id);
        }
        try (Connection connection = database.connect();
                PreparedStatement select = connection.prepareStatement(PART)) {
            select.setString(1, id.value());
            select.setInt(2, next);
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    throw new FileNotFoundException("part " + next + " of message " + id + " is gone");
                }
                current = new ByteArrayInputStream(row.getBytes(1));
                next++;
            }
        } catch (SQLException failed) {
            throw Fault.toIo(database.place(), failed);
        }
    }
}
