// SPDX-License-Identifier: Apache-2.0
package org.postern.bench.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.postern.bench.PostgresqlServer;

/**
 * One queue, several nodes: all of them work under load while one is killed, or the database is, again and again. A node that
 * was killed begins anew, and the others go on meanwhile. Used by one thread.
 *
 * <p>A life in the history is one of a node. The kill of the database ends none, so that nothing may come twice because of it.
 */
final class ClusterCampaign {

    private static final int LEASE_SECONDS = 5;
    /** Sometimes leases run out meanwhile, sometimes of some nodes only. */
    private static final long LONGEST_AWAY_MILLIS = 7_000;

    private static final long LONGEST_LOAD_MILLIS = 10_000;
    private static final long JUST_AFTER_MILLIS = 80;
    private static final long PATIENCE_MILLIS = 120_000;
    private static final int DATABASE_ONE_IN = 3;

    private final Path home;
    private final Path folder;
    private final History history;
    private final Watch watch;
    private final Random random;
    private final Fates fates;
    private final Mails mails;
    private final int messages;
    private final List<Node> nodes = new ArrayList<>();
    private int lives;

    private record Node(int life, RelayProcess relay) {}

    /**
     * @param home the built home
     * @param folder empty; for configurations and logs
     * @param messages that are sent in one cycle at most
     */
    ClusterCampaign(Path home, Path folder, History history, long seed, int messages) {
        this.home = home;
        this.folder = folder;
        this.history = history;
        this.watch = new Watch(history);
        this.random = new Random(seed);
        this.fates = new Fates(seed);
        this.mails = new Mails(seed);
        this.messages = messages;
    }

    /**
     * Runs it; whether all went well is for the checker of the history to say. Stops early once something is wrong.
     *
     * @param count of nodes
     * @param cycles how often something is killed under load
     * @param goesOn asked before each further cycle
     * @param progress told the number of each cycle that is over
     * @throws IOException if a relay or the database does not start, or breaks off a connection unasked
     */
    void run(int count, int cycles, BooleanSupplier goesOn, IntConsumer progress)
            throws IOException, InterruptedException {
        Setup.DESTINATIONS.forEach(to -> history.note(new Event.Queue(to.domain(), to.workers())));
        try (PostgresqlServer database = PostgresqlServer.create();
                NotingPeer peer = new NotingPeer(history, fates, false, random.nextBoolean())) {
            for (int i = 0; i < count; i++) {
                nodes.add(begin(i, database, peer));
            }
            for (int cycle = 1; cycle <= cycles && watch.isRight() && goesOn.getAsBoolean(); cycle++) {
                cycle(database, peer);
                progress.accept(cycle);
            }
            if (watch.isRight()) {
                drain();
            }
        } finally {
            nodes.forEach(node -> node.relay().close());
        }
    }

    private Node begin(int number, PostgresqlServer database, NotingPeer peer) throws IOException {
        int life = ++lives;
        Path own = Files.createDirectories(folder.resolve("node" + number));
        Files.writeString(
                own.resolve("postern.conf"),
                Setup.configuration(life, peer.port()) + database.stanza(own, LEASE_SECONDS));
        history.note(new Event.Started(life));
        return new Node(life, RelayProcess.start(home, own));
    }

    private void cycle(PostgresqlServer database, NotingPeer peer) throws IOException, InterruptedException {
        List<Clients> clients = new ArrayList<>();
        for (Node node : nodes) {
            clients.add(new Clients(node.relay().awaitReady(), mails, history, messages / nodes.size()).start());
        }
        watch.awaitAccepted(random.nextInt(messages), LONGEST_LOAD_MILLIS);
        Setup.rest(random.nextLong(JUST_AFTER_MILLIS));
        requireAllAlive();
        if (random.nextInt(DATABASE_ONE_IN) == 0) {
            database.kill();
            Setup.rest(random.nextLong(LONGEST_AWAY_MILLIS));
            database.start();
            clients.forEach(Clients::expectTheEnd);
        } else {
            clients.forEach(Clients::expectTheEnd);
            killANode(database, peer);
        }
        for (Clients some : clients) {
            some.join();
        }
    }

    private void killANode(PostgresqlServer database, NotingPeer peer) throws IOException, InterruptedException {
        int victim = random.nextInt(nodes.size());
        history.note(new Event.Killed(nodes.get(victim).life()));
        nodes.get(victim).relay().kill();
        nodes.set(victim, begin(victim, database, peer));
    }

    private void requireAllAlive() throws IOException {
        if (!nodes.stream().allMatch(node -> node.relay().isAlive())) {
            throw new IOException("a relay ended by itself");
        }
    }

    /** Lets all mail out. */
    private void drain() throws IOException, InterruptedException {
        watch.awaitDelivered(PATIENCE_MILLIS);
        requireAllAlive();
        for (Node node : nodes) {
            node.relay().awaitReady();
            node.relay().stop();
            history.note(new Event.Stopped(node.life()));
        }
        history.note(new Event.Drained());
    }
}
