// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.postgresql;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.postern.spi.mail.MessageId;
import org.postern.spi.spool.Draft;
import org.postern.spi.spool.RecipientState;
import org.postern.spi.spool.RecipientUpdate;
import org.postern.spi.spool.Spool;
import org.postern.spi.spool.SpooledMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one life of a node does with the mail in the database.
 *
 * <p>What became of mail is noted however long the database is away: the caller waits. New mail is refused meanwhile, and no
 * delivery begins, since another node may have taken over.
 */
final class PostgresqlSpool implements Spool {

    private static final Logger LOG = LoggerFactory.getLogger(PostgresqlSpool.class);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    private final Database database;
    private final NodeLease lease;
    private final Holding holding;
    private final MessageNames names;
    private final Takeover takeover;
    private final Strays strays;
    private final Unheld unheld;
    private final Wishes wishes;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile boolean unread;

    PostgresqlSpool(Database database, NodeLease lease, int maxHeld, InstantSource clock) {
        this.database = database;
        this.lease = lease;
        this.holding = new Holding(maxHeld);
        this.names = new MessageNames(clock, lease.id());
        this.takeover = new Takeover(database, lease.id(), holding);
        this.strays = new Strays(database, lease.id(), holding);
        this.unheld = new Unheld(database);
        this.wishes = new Wishes(database);
    }

    /** Seconds since 1970, as the database keeps when a message is to be tried next. */
    static long due(RecipientState state) {
        return state.onHold() ? Long.MAX_VALUE : state.due().getEpochSecond();
    }

    @Override
    public Draft draft() throws IOException {
        requireLease();
        return new PostgresqlDraft(database, lease.id(), names.next(), holding, strays);
    }

    /** Takes over what is free, now and for as long as this node lives. An engine that this fails for needs another spool. */
    @Override
    public void recover(Consumer<SpooledMessage> consumer) throws IOException {
        boolean read = false;
        try {
            requireLease();
            takeover.handTo(consumer);
            tick();
            read = true;
        } finally {
            unread = !read;
        }
    }

    /** Whether an engine wanted to begin with it and could not. */
    boolean isUnread() {
        return unread;
    }

    /** Looks for free mail, and puts right what a broken connection left unclear; to be called about once a second. */
    void tick() throws IOException {
        if (!lease.isHeld()) {
            return;
        }
        try {
            strays.settle();
            takeover.run(lease::isHeld);
        } catch (SQLException failed) {
            strays.suspect();
            throw Fault.toIo(database.place(), failed);
        }
    }

    @Override
    public InputStream openContent(MessageId id) throws IOException {
        requireLease();
        try {
            return StoredContent.open(database, lease, id);
        } catch (SQLException failed) {
            throw Fault.toIo(database.place(), failed);
        }
    }

    @Override
    public InputStream viewContent(MessageId id) throws IOException {
        requireLease();
        try {
            return StoredContent.view(database, lease, id);
        } catch (SQLException failed) {
            throw Fault.toIo(database.place(), failed);
        }
    }

    @Override
    public Optional<SpooledMessage> find(MessageId id) throws IOException {
        try (Connection connection = database.connect()) {
            return StoredStates.find(connection, id);
        } catch (SQLException failed) {
            throw Fault.toIo(database.place(), failed);
        }
    }

    @Override
    public void record(MessageId id, Collection<RecipientUpdate> updates) throws IOException {
        if (updates.isEmpty()) {
            return;
        }
        OptionalInt recipients = holding.recipients(id);
        if (recipients.isPresent() && settlesAll(updates, recipients.getAsInt())) {
            remove(id);
            return;
        }
        boolean gone = untilDone(connection -> Notes.write(connection, lease.id(), id, List.copyOf(updates)));
        if (gone) {
            holding.remove(id);
        } else {
            holding.noted(id, updates);
        }
    }

    @Override
    public boolean defer(MessageId id, Collection<RecipientUpdate> updates) throws IOException {
        record(id, updates);
        return !holding.isFull() || !giveBack(id, updates);
    }

    /** Nobody must have it twice: if it is not clear whether it was given back, it is no longer here. */
    private boolean giveBack(MessageId id, Collection<RecipientUpdate> updates) {
        Optional<Holding.Held> lent = holding.lend(id);
        if (lent.isEmpty()) {
            return false;
        }
        boolean asked = false;
        try (Connection connection = database.connect()) {
            asked = true;
            if (Notes.giveBack(connection, lease.id(), id, updates)) {
                holding.abandon(id);
                return true;
            }
        } catch (SQLException failed) {
            LOG.debug("{}: {}; {} is not given back for sure", database.place(), Fault.words(failed), id);
            if (asked) {
                holding.abandon(id);
                strays.suspect();
                return true;
            }
        }
        holding.keep(id, lent.get());
        return false;
    }

    @Override
    public void visitUnheld(Consumer<SpooledMessage> visitor) throws IOException {
        requireLease();
        try {
            unheld.visit(visitor);
        } catch (SQLException failed) {
            throw Fault.toIo(database.place(), failed);
        }
    }

    @Override
    public Optional<SpooledMessage> findUnheld(MessageId id) throws IOException {
        requireLease();
        try {
            return unheld.find(id);
        } catch (SQLException failed) {
            throw Fault.toIo(database.place(), failed);
        }
    }

    /** An operator waits: a database that is away is no reason to wait longer, as it is for {@link #record}. */
    @Override
    public boolean recordUnheld(SpooledMessage seen, Collection<RecipientUpdate> updates) throws IOException {
        requireLease();
        try {
            return wishes.record(seen, updates);
        } catch (SQLException failed) {
            throw Fault.toIo(database.place(), failed);
        }
    }

    private static boolean settlesAll(Collection<RecipientUpdate> updates, int recipients) {
        return updates.stream()
                        .filter(update -> update.state().settled())
                        .map(RecipientUpdate::index)
                        .distinct()
                        .count()
                == recipients;
    }

    @Override
    public void remove(MessageId id) throws IOException {
        untilDone(connection -> Notes.remove(connection, id));
        holding.remove(id);
    }

    /** One statement that may be carried out twice. */
    private interface Statement<T> {
        T run(Connection connection) throws SQLException;
    }

    /** Tries until the database has it: a delivery that was made must not be forgotten because the database went away. */
    private <T> T untilDone(Statement<T> statement) throws IOException {
        Duration pause = FIRST_PAUSE;
        while (true) {
            try (Connection connection = database.connect()) {
                return statement.run(connection);
            } catch (SQLException failed) {
                if (!Fault.passes(failed) || closed.getCount() == 0) {
                    throw Fault.toIo(database.place(), failed);
                }
                LOG.debug("{}: {}; tries again", database.place(), Fault.words(failed));
            }
            pause(pause);
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        }
    }

    private void pause(Duration length) throws IOException {
        try {
            closed.await(length.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while " + database.place() + " was away");
        }
    }

    /** Nobody knows how much room the database's disk has. */
    @Override
    public long remainingCapacity() {
        return lease.isHeld() && !lease.isSilent() ? Long.MAX_VALUE : 0;
    }

    private void requireLease() throws IOException {
        if (lease.isSilent()) {
            throw new IOException(database.place() + " does not answer");
        }
        if (!lease.isHeld()) {
            throw new IOException(
                    database.place() + " has not answered for so long that other nodes may have taken over");
        }
    }

    /** A connection broke at a bad moment. */
    void suspect() {
        strays.suspect();
    }

    /** Messages that this node holds. */
    int held() {
        return holding.size();
    }

    /** Waits for the database no longer. What is held is given up with the lease. */
    void close() {
        closed.countDown();
    }
}
