// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.postgresql;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.postern.spi.cluster.SharedRegisters;
import org.postern.spi.spool.Spool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lives as a node, one life after the other: connects, begins a lease, offers the spool, renews. A life that other nodes have
 * called gone ends with its spool, and the next begins without anything held.
 *
 * <p>Threading: one thread begins and ends lives, one renews, one takes over mail, so that neither a slow start of the engine nor
 * any amount of mail can make a lease run out.
 */
final class Membership implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Membership.class);

    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Duration WHILE = Duration.ofSeconds(10);
    private static final int RENEWALS = 5;

    private static final String FSYNC = "SELECT current_setting('fsync')";

    /** What nodes that ended long ago left behind. No transaction of theirs can still be under way. */
    private static final String CLEAR = "DELETE FROM postern_part p USING postern_node n"
            + " WHERE n.id = p.node AND n.gone AND n.expires < clock_timestamp() - interval '1 day'"
            + " AND NOT EXISTS (SELECT FROM postern_message m WHERE m.id = p.message);"
            + " DELETE FROM postern_node n WHERE gone AND expires < clock_timestamp() - interval '1 day'"
            + " AND NOT EXISTS (SELECT FROM postern_message m WHERE m.holder = n.id)"
            + " AND NOT EXISTS (SELECT FROM postern_part p WHERE p.node = n.id);"
            + " DELETE FROM postern_register WHERE expires < clock_timestamp()";

    private final SpoolOptions options;
    private final Map<String, String> environment;
    private final InstantSource clock;
    private final Offering offering;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread living;
    private volatile String lastComplaint = "";

    /** Offers a spool and what belongs to it to the engine. */
    interface Offering {

        /**
         * Offers the registers first, if there are any, so that no mail flows without them.
         *
         * @return takes all back when it is closed, the spool first
         */
        AutoCloseable offer(Spool spool, Optional<SharedRegisters> registers);
    }

    /** @param offering to whom the spool of each life is offered */
    Membership(SpoolOptions options, Map<String, String> environment, InstantSource clock, Offering offering) {
        this.options = options;
        this.environment = environment;
        this.clock = clock;
        this.offering = offering;
        this.living =
                Thread.ofPlatform().daemon().name("postern-spool-postgresql").unstarted(this::live);
    }

    void start() {
        living.start();
    }

    private void live() {
        try (Database database = new Database(options, environment)) {
            long since = System.nanoTime();
            while (!isOver(Duration.ZERO)) {
                try {
                    liveOnce(database);
                    since = System.nanoTime();
                } catch (SQLException failed) {
                    lacking("there is no spool: " + options.server().place() + ": " + Fault.words(failed), since);
                    isOver(TICK);
                }
            }
        } catch (InterruptedException told) {
            Thread.currentThread().interrupt();
        }
    }

    private void liveOnce(Database database) throws SQLException, InterruptedException {
        try (Connection connection = database.connect()) {
            Schema.provide(connection);
            warnOfForgetfulServer(connection);
        }
        Optional<ClusterKey> key = clusterKey();
        NodeLease lease = NodeLease.begin(database, options.node(), options.lease(), System::nanoTime);
        try (lease) {
            PostgresqlSpool spool = new PostgresqlSpool(database, lease, options.maxHeld(), clock);
            Thread work = Thread.ofPlatform()
                    .daemon()
                    .name("postern-spool-postgresql-work")
                    .unstarted(() -> work(database, lease, spool));
            LOG.info("node {} ({}) shares the spool in {}", lease.id(), options.node(), database.place());
            lastComplaint = "";
            Thread renewing = Thread.ofPlatform()
                    .daemon()
                    .name("postern-spool-postgresql-lease")
                    .start(() -> renewWhileAlive(lease, spool));
            try {
                offerWhile(
                        renewing,
                        work,
                        spool,
                        key.map(shared -> new PostgresqlRegisters(
                                database, shared, options.node() + " (life " + lease.id() + ")")));
            } finally {
                renewing.interrupt();
                renewing.join();
            }
        }
    }

    private void offerWhile(Thread renewing, Thread work, PostgresqlSpool spool, Optional<SharedRegisters> registers)
            throws InterruptedException {
        AutoCloseable offer = offering.offer(spool, registers);
        try {
            work.start();
            renewing.join();
        } finally {
            takeBack(offer);
            spool.close();
            work.interrupt();
            work.join();
        }
    }

    private Optional<ClusterKey> clusterKey() throws SQLException {
        if (options.clusterKey().isEmpty()) {
            LOG.warn(
                    "Spool_PostgreSQL has no Cluster_Key_File: each node finds out for itself which passwords are refused,"
                            + " and counts for itself what accounts are used for");
            return Optional.empty();
        }
        try {
            return Optional.of(ClusterKey.read(options.clusterKey().get()));
        } catch (IOException unreadable) {
            throw new SQLException(unreadable.getMessage(), unreadable);
        }
    }

    private void renewWhileAlive(NodeLease lease, PostgresqlSpool spool) {
        try {
            renewUntilTheEnd(lease, spool);
        } catch (InterruptedException told) {
            Thread.currentThread().interrupt();
        }
    }

    private void renewUntilTheEnd(NodeLease lease, PostgresqlSpool spool) throws InterruptedException {
        Duration period = options.lease().dividedBy(RENEWALS);
        while (!lease.isLost() && !spool.isUnread() && !isOver(period)) {
            try {
                lease.renew();
                int gone = lease.callOthersGone();
                if (gone > 0) {
                    LOG.warn(
                            "{} nodes gave no sign of life for {}; what they held is taken over",
                            gone,
                            options.lease());
                }
                if (!lastComplaint.isEmpty()) {
                    LOG.info("{} answers again", options.server().place());
                    lastComplaint = "";
                }
            } catch (SQLException failed) {
                complain("mail waits: " + options.server().place() + ": " + Fault.words(failed));
            }
        }
        if (lease.isLost() && !isOver(Duration.ZERO)) {
            LOG.warn("node {} was silent for so long that others took over what it held; it begins anew", lease.id());
        }
        if (spool.isUnread() && !isOver(Duration.ZERO)) {
            LOG.warn("what waits in the database could not be read; node {} begins anew", lease.id());
        }
    }

    private void work(Database database, NodeLease lease, PostgresqlSpool spool) {
        long clearedAt = System.nanoTime();
        boolean complained = false;
        try {
            while (!ended.await(TICK.toMillis(), TimeUnit.MILLISECONDS) && !lease.isLost()) {
                try {
                    spool.tick();
                    if (System.nanoTime() - clearedAt > TimeUnit.HOURS.toNanos(1)) {
                        clear(database);
                        clearedAt = System.nanoTime();
                    }
                    complained = false;
                } catch (IOException | SQLException | RuntimeException failed) {
                    if (!complained) {
                        LOG.warn("no mail can be taken over: {}", failed.toString());
                    }
                    complained = true;
                }
            }
        } catch (InterruptedException told) {
            Thread.currentThread().interrupt();
        }
    }

    private static void clear(Database database) throws SQLException {
        try (Connection connection = database.connect();
                PreparedStatement delete = connection.prepareStatement(CLEAR)) {
            delete.execute();
        }
    }

    private void warnOfForgetfulServer(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(FSYNC);
                ResultSet row = select.executeQuery()) {
            if (row.next() && row.getString(1).equals("off")) {
                LOG.warn(
                        "{} runs with fsync = off: accepted mail does not survive a power cut",
                        options.server().place());
            }
        }
        if (!options.server().verified()) {
            LOG.warn(
                    "URL of Spool_PostgreSQL leads to {} without proof of who answers: mail may be read on its way;"
                            + " set sslmode=verify-full",
                    options.server().place());
        }
    }

    private static void takeBack(AutoCloseable offer) {
        try {
            offer.close();
        } catch (Exception failed) {
            LOG.error("the spool was not taken back well: {}", failed.toString());
        }
    }

    /** A relay that starts gives up at the first error, so that a database which only starts too gets a while. */
    private void lacking(String reason, long since) {
        if (System.nanoTime() - since > WHILE.toNanos()) {
            complain(reason);
        } else {
            LOG.warn("{}", reason);
        }
    }

    /** An error once for each time that the database is away; how that goes on, for those who want to know. */
    private void complain(String reason) {
        if (lastComplaint.isEmpty()) {
            LOG.error("{}", reason);
        } else if (!reason.equals(lastComplaint)) {
            LOG.info("{}", reason);
        }
        lastComplaint = reason;
    }

    private boolean isOver(Duration atMost) throws InterruptedException {
        return ended.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Leaves in good order: the engine lets go of the spool first, and what this node held is for the others at once. */
    @Override
    public void close() {
        ended.countDown();
        try {
            living.join();
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }
}
