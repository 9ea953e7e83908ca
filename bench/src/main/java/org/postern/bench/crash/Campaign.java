// SPDX-License-Identifier: Apache-2.0
package org.postern.bench.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;

/**
 * One spool, many lives: a relay is started under load and killed, again and again, and in the end left alone until all that
 * was accepted is delivered. Used by one thread.
 */
final class Campaign {

    private static final long LONGEST_LIFE_MILLIS = 5_000;
    private static final long JUST_AFTER_MILLIS = 80;
    private static final long FIRST_GUESS_MILLIS = 1_500;
    private static final long PATIENCE_MILLIS = 60_000;

    private final Path home;
    private final Path folder;
    private final History history;
    private final Watch watch;
    private final Random random;
    private final Fates fates;
    private final Mails mails;
    private final int messages;
    private long startMillis = FIRST_GUESS_MILLIS;
    private int life;

    /**
     * @param home the built home
     * @param folder empty; for configuration, state and log
     * @param messages that are sent in one life at most
     */
    Campaign(Path home, Path folder, History history, long seed, int messages) {
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
     * @param cycles how many relays are ended under load
     * @param goesOn asked before each further cycle
     * @param progress told the number of each cycle that is over
     * @throws IOException if a relay does not start, does not stop, or breaks off a connection unasked
     */
    void run(int cycles, BooleanSupplier goesOn, IntConsumer progress) throws IOException, InterruptedException {
        Setup.DESTINATIONS.forEach(to -> history.note(new Event.Queue(to.domain(), to.workers())));
        for (int cycle = 1; cycle <= cycles && watch.isRight() && goesOn.getAsBoolean(); cycle++) {
            live(Moment.draw(random));
            progress.accept(cycle);
        }
        if (watch.isRight()) {
            drain();
        }
        // What is done does not come again, though everything was started anew.
        if (watch.isRight()) {
            drain();
        }
    }

    private void live(Moment end) throws IOException, InterruptedException {
        try (NotingPeer peer = new NotingPeer(history, fates, true, random.nextBoolean());
                RelayProcess relay = begin(peer)) {
            switch (end) {
                case START -> Setup.rest(random.nextLong(startMillis));
                case OPENED -> {
                    relay.awaitSaid(" is open, ");
                    Setup.rest(random.nextLong(JUST_AFTER_MILLIS));
                }
                case LOAD, ORDERLY -> {
                    long began = System.nanoTime();
                    int port = relay.awaitReady();
                    startMillis = 1 + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
                    Clients clients = new Clients(port, mails, history, messages).start();
                    watch.awaitAccepted(random.nextInt(messages), LONGEST_LIFE_MILLIS);
                    Setup.rest(random.nextLong(JUST_AFTER_MILLIS));
                    requireAlive(relay);
                    clients.expectTheEnd();
                    end(relay, end);
                    clients.join();
                    return;
                }
            }
            requireAlive(relay);
            end(relay, end);
        }
    }

    private RelayProcess begin(NotingPeer peer) throws IOException {
        Files.writeString(folder.resolve("postern.conf"), Setup.configuration(++life, peer.port()));
        history.note(new Event.Started(life));
        return RelayProcess.start(home, folder);
    }

    private static void requireAlive(RelayProcess relay) throws IOException {
        if (!relay.isAlive()) {
            throw new IOException("the relay ended by itself");
        }
    }

    private void end(RelayProcess relay, Moment how) throws IOException, InterruptedException {
        switch (how) {
            case START, OPENED, LOAD -> {
                history.note(new Event.Killed(life));
                relay.kill();
            }
            case ORDERLY -> {
                relay.stop();
                history.note(new Event.Stopped(life));
            }
        }
    }

    /** Lets all mail out. */
    private void drain() throws IOException, InterruptedException {
        try (NotingPeer peer = new NotingPeer(history, fates, true, random.nextBoolean());
                RelayProcess relay = begin(peer)) {
            relay.awaitReady();
            watch.awaitDelivered(PATIENCE_MILLIS);
            requireAlive(relay);
            relay.stop();
            history.note(new Event.Stopped(life));
        }
        history.note(new Event.Drained());
    }
}
