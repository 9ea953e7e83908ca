// SPDX-License-Identifier: Apache-2.0
package org.postern.intake.smtp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.postern.engine.DeliveryEngine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One {@code Listen} stanza at work. Opened, it accepts connections, each on a virtual thread of its own; a port that
 * is taken is tried again until it is free. Closed in two steps, so that the port is free before the sessions are over.
 */
final class Listener {

    private static final Logger LOG = LoggerFactory.getLogger(Listener.class);
    private static final int BACKLOG = 512;
    private static final Duration RHYTHM = Duration.ofSeconds(5);
    private static final long STOP_SECONDS = 5;

    /** Makes an open listener known. */
    interface Directory {

        /** @return takes it back; may be run more than once */
        Runnable publish(InetSocketAddress address);
    }

    private final ListenSettings settings;
    private final Supplier<Optional<DeliveryEngine>> engine;
    private final Directory directory;
    private final Duration rhythm;
    private final Complaints complaints = new Complaints(System::nanoTime);
    private final Connections connections;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final CountDownLatch accepting = new CountDownLatch(1);
    private final CountDownLatch watching = new CountDownLatch(1);
    private volatile ServerSocket server;
    private volatile Runnable unpublish = () -> {};
    private boolean complained;

    Listener(ListenSettings settings, Supplier<Optional<DeliveryEngine>> engine, Directory directory) {
        this(settings, engine, directory, RHYTHM);
    }

    /** @param rhythm how often a taken port is tried again, and peers that take no replies are looked for */
    Listener(ListenSettings settings, Supplier<Optional<DeliveryEngine>> engine, Directory directory, Duration rhythm) {
        this.rhythm = rhythm;
        this.settings = settings;
        this.engine = engine;
        this.directory = directory;
        this.connections = new Connections(settings.limits());
    }

    /** Takes the port, if it is free, before it returns. */
    void open() {
        bind();
        Thread.ofVirtual()
                .name("smtp-listen-" + settings.address())
                .start(() -> run(this::acceptUntilClosed, accepting));
        Thread.ofVirtual().name("smtp-watch-" + settings.address()).start(() -> run(this::watchUntilClosed, watching));
    }

    private static void run(Runnable work, CountDownLatch ended) {
        try {
            work.run();
        } finally {
            ended.countDown();
        }
    }

    /** Where it listens, once the port is taken. */
    Optional<InetSocketAddress> address() {
        ServerSocket bound = server;
        return bound == null ? Optional.empty() : Optional.of((InetSocketAddress) bound.getLocalSocketAddress());
    }

    /** How many threads it has. */
    long threads() {
        return accepting.getCount() + watching.getCount() + connections.count();
    }

    private void bind() {
        try {
            ServerSocket fresh = new ServerSocket();
            try {
                fresh.bind(settings.address().resolve(), BACKLOG);
            } catch (IOException | RuntimeException taken) {
                fresh.close();
                throw taken;
            }
            opened(fresh);
        } catch (IOException | RuntimeException notBound) {
            complain(notBound);
        }
    }

    private void opened(ServerSocket fresh) throws IOException {
        server = fresh;
        if (closed()) {
            fresh.close();
            return;
        }
        InetSocketAddress address = (InetSocketAddress) fresh.getLocalSocketAddress();
        LOG.info("SMTP listener on {}", ListenAddress.show(address));
        if (settings.relayHosts().open()) {
            LOG.warn(
                    "SMTP listener on {} relays for everyone: Relay_Hosts has a network of prefix 0",
                    ListenAddress.show(address));
        }
        unpublish = directory.publish(address);
        if (closed()) {
            unpublish.run();
        }
    }

    private void complain(Exception reason) {
        if (!complained) {
            complained = true;
            LOG.error(
                    "{}, Listen \"{}\": cannot listen there: {}; trying again every {} s",
                    ListenerOptions.STANZA,
                    settings.address(),
                    reason.getMessage(),
                    rhythm.toSeconds());
        }
    }

    private void acceptUntilClosed() {
        while (!closed()) {
            ServerSocket bound = server;
            if (bound == null) {
                pause(rhythm);
                retry();
            } else {
                accept(bound);
            }
        }
    }

    private void retry() {
        if (!closed()) {
            bind();
        }
    }

    private void accept(ServerSocket bound) {
        try {
            Socket socket = bound.accept();
            welcome(socket);
        } catch (IOException failed) {
            if (!closed()) {
                // Too few file descriptors, most likely: the port is kept, and there is time for some to come free.
                LOG.warn("SMTP listener on {} could not accept: {}", settings.address(), failed.getMessage());
                pause(Duration.ofSeconds(1));
            }
        }
    }

    private void welcome(Socket socket) throws IOException {
        InetAddress peer = socket.getInetAddress();
        if (!connections.admit(peer)) {
            turnAway(socket);
            return;
        }
        try {
            Connection connection = new Connection(socket, context(peer, socket.getPort()));
            connections.add(connection);
            Thread.ofVirtual().name("smtp-" + peer.getHostAddress()).start(() -> serve(connection));
        } catch (IOException | RuntimeException | OutOfMemoryError failed) {
            connections.leave(peer);
            socket.close();
            throw failed;
        }
    }

    private void turnAway(Socket socket) throws IOException {
        LOG.info("{}: too many connections", socket.getInetAddress().getHostAddress());
        try (socket) {
            socket.getOutputStream().write(Reply.TOO_MANY_CONNECTIONS.octets());
        }
    }

    private void serve(Connection connection) {
        try {
            // Whoever closes the listener may have asked before this connection was in the list.
            if (closed()) {
                connection.endIfIdle();
            }
            connection.run();
        } catch (RuntimeException bug) {
            LOG.error("{}: session failed", connection.peer().getHostAddress(), bug);
        } finally {
            connections.remove(connection);
            connections.leave(connection.peer());
        }
    }

    private SessionContext context(InetAddress peer, int port) {
        String token = Long.toString(ThreadLocalRandom.current().nextLong(Long.MAX_VALUE), Character.MAX_RADIX);
        return new SessionContext(
                settings, peer, port, token, engine, this::closed, Clock.systemUTC(), System::nanoTime, complaints);
    }

    // A socket has no timeout for writing; a peer that takes no replies is cut off here.
    private void watchUntilClosed() {
        long patience = settings.limits().dataTimeout().toNanos();
        while (!closed()) {
            pause(rhythm);
            connections.all().stream()
                    .filter(connection -> connection.stuckFor(patience))
                    .forEach(Connection::closeNow);
        }
    }

    private boolean closed() {
        return closing.getCount() == 0;
    }

    private void pause(Duration time) {
        try {
            closing.await(time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException nobodyDoesThis) {
            Thread.currentThread().interrupt();
        }
    }

    /** Gives the port back, and ends the sessions that are between messages. */
    void stopAccepting() {
        closing.countDown();
        unpublish.run();
        release(server);
        connections.all().forEach(Connection::endIfIdle);
    }

    // The kernel lets go of the port when the thread in accept() has noticed, which is a moment after close().
    private void release(ServerSocket bound) {
        try {
            if (bound != null) {
                bound.close();
            }
            accepting.await(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (IOException closedAlready) {
            LOG.debug("Closing {}: {}", settings.address(), closedAlready.getMessage());
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Lets messages under way come to their end, cuts off what is left, and returns when no thread is. A thread that
     * waits for the disk is not interrupted, since that would close files of the spool under it.
     */
    void drain(Duration patience) {
        try {
            if (!connections.awaitNone(patience.toNanos())) {
                connections.all().forEach(Connection::closeNow);
            }
            if (!connections.awaitNone(TimeUnit.SECONDS.toNanos(STOP_SECONDS))
                    || !watching.await(STOP_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("SMTP listener on {}: a session still waits for storage", settings.address());
            }
        } catch (InterruptedException hurried) {
            connections.all().forEach(Connection::closeNow);
            Thread.currentThread().interrupt();
        }
    }
}
