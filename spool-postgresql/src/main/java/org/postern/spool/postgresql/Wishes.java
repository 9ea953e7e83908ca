// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.postgresql;

import java.io.UncheckedIOException;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.postern.spi.mail.MessageId;
import org.postern.spi.spool.RecipientUpdate;
import org.postern.spi.spool.SpooledMessage;

/**
 * What operators want of messages that no node holds. While a transaction is under way, more is gathered, and the next one
 * carries out all of it: a message by itself would take four questions and a commit.
 *
 * <p>Threading: any thread. Each waits for its own wish.
 */
final class Wishes {

    private static final int AT_ONCE = 500;

    /**
     * Whoever takes one over passes it by until this is done; afterwards the holder has changed. In the order of names, so
     * that two nodes do not wait for each other.
     */
    private static final String LOCK = "SELECT id FROM postern_message WHERE id = ANY (?) AND holder IN "
            + Unheld.HOLDERS + " ORDER BY id FOR UPDATE OF postern_message";

    private final Database database;
    private final Queue<Wish> waiting = new ConcurrentLinkedQueue<>();
    private final ReentrantLock transaction = new ReentrantLock();

    Wishes(Database database) {
        this.database = database;
    }

    /** What one operator wants of one message. Its outcome is written and read with the lock held. */
    private static final class Wish {

        private final SpooledMessage seen;
        private final List<RecipientUpdate> updates;
        private boolean ended;
        private boolean noted;
        private SQLException failure;

        private Wish(SpooledMessage seen, Collection<RecipientUpdate> updates) {
            this.seen = seen;
            this.updates = List.copyOf(updates);
        }

        private void end(boolean isNoted, SQLException why) {
            ended = true;
            noted = isNoted;
            failure = why;
        }

        // One failure may concern many, and each gets an exception of its own.
        private boolean outcome() throws SQLException {
            if (failure != null) {
                throw new SQLException(failure.getMessage(), failure.getSQLState(), failure);
            }
            return noted;
        }
    }

    /**
     * Carries one out.
     *
     * @return whether that was done; not if a node holds the message by now, or it is not as it was seen
     */
    boolean record(SpooledMessage seen, Collection<RecipientUpdate> updates) throws SQLException {
        Wish wish = new Wish(seen, updates);
        waiting.add(wish);
        transaction.lock();
        try {
            while (!wish.ended) {
                carryOut(gathered());
            }
            return wish.outcome();
        } finally {
            transaction.unlock();
        }
    }

    /** One for each message: another wish for the same one sees what this one has made of it. */
    private Map<String, Wish> gathered() {
        Map<String, Wish> some = new LinkedHashMap<>();
        Iterator<Wish> all = waiting.iterator();
        while (all.hasNext() && some.size() < AT_ONCE) {
            Wish next = all.next();
            if (some.putIfAbsent(next.seen.id().value(), next) == null) {
                all.remove();
            }
        }
        return some;
    }

    private void carryOut(Map<String, Wish> some) {
        try (Connection connection = database.connect()) {
            connection.setAutoCommit(false);
            try {
                Map<String, Wish> possible = possible(connection, some);
                Notes.writeAll(connection, updates(possible.values()));
                connection.commit();
                some.forEach((id, wish) -> wish.end(possible.containsKey(id), null));
            } catch (SQLException failed) {
                abandon(connection, failed);
                throw failed;
            } finally {
                connection.setAutoCommit(true);
            }
        } catch (SQLException failed) {
            some.values().forEach(wish -> wish.end(false, failed));
        } finally {
            // Nobody else would.
            some.values().stream()
                    .filter(wish -> !wish.ended)
                    .forEach(wish -> wish.end(false, new SQLException("it was not carried out")));
        }
    }

    /** The look comes after the lock, or it would not see what whoever had the lock before has changed. */
    private static Map<String, Wish> possible(Connection connection, Map<String, Wish> some) throws SQLException {
        Array unheld = connection.createArrayOf("text", locked(connection, some).toArray());
        Map<String, Wish> possible = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement(StoredStates.FIND_ALL)) {
            select.setArray(1, unheld);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    Wish wish = some.get(row.getString("id"));
                    if (isAsSeen(row, wish)) {
                        possible.put(row.getString("id"), wish);
                    }
                }
            }
        }
        return possible;
    }

    private static boolean isAsSeen(ResultSet row, Wish wish) throws SQLException {
        try {
            return StoredStates.message(row).equals(wish.seen);
        } catch (UncheckedIOException damagedSince) {
            return false;
        }
    }

    private static List<String> locked(Connection connection, Map<String, Wish> some) throws SQLException {
        List<String> locked = new ArrayList<>();
        try (PreparedStatement lock = connection.prepareStatement(LOCK)) {
            lock.setArray(1, connection.createArrayOf("text", some.keySet().toArray()));
            try (ResultSet row = lock.executeQuery()) {
                while (row.next()) {
                    locked.add(row.getString("id"));
                }
            }
        }
        return locked;
    }

    private static Map<MessageId, List<RecipientUpdate>> updates(Collection<Wish> possible) {
        Map<MessageId, List<RecipientUpdate>> updates = new LinkedHashMap<>();
        possible.forEach(wish -> updates.put(wish.seen.id(), wish.updates));
        return updates;
    }

    private static void abandon(Connection connection, SQLException reason) {
        try {
            connection.rollback();
        } catch (SQLException broken) {
            reason.addSuppressed(broken);
        }
    }
}
