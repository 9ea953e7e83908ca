// SPDX-License-Identifier: Apache-2.0
package org.postern.peer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Accepts connections on 127.0.0.1 and gives each a virtual thread; closing it ends them all. */
final class Listener implements AutoCloseable {

    private static final Duration LAST_WAIT = Duration.ofSeconds(5);

    /** Serves one connection; the socket is closed afterwards. */
    @FunctionalInterface
    interface Service {
        void serve(int connection, Socket socket) throws IOException, InterruptedException;
    }

    private final ServerSocket server;
    private final Service service;
    private final int mostConnections;
    private final Thread acceptor;
    private final Map<Socket, Thread> open = new ConcurrentHashMap<>();
    private final AtomicInteger accepted = new AtomicInteger();
    private final CountDownLatch stopping = new CountDownLatch(1);

    /** @param mostConnections connections at once; those beyond are closed unheard */
    Listener(int port, int mostConnections, Service service) throws IOException {
        this.server = new ServerSocket();
        this.service = service;
        this.mostConnections = mostConnections;
        // The port is free again at once, although connections of the last run may linger.
        server.setReuseAddress(true);
        server.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port), 1_000);
        this.acceptor =
                Thread.ofVirtual().name("postern-peer-" + port() + "-accept").unstarted(this::acceptAll);
    }

    /** Begins to accept. */
    void start() {
        acceptor.start();
    }

    int port() {
        return server.getLocalPort();
    }

    int accepted() {
        return accepted.get();
    }

    /** Rests, but not beyond the end of the listener; returns whether it is still wanted. */
    boolean rest(Duration length) throws InterruptedException {
        return !stopping.await(length.toNanos(), TimeUnit.NANOSECONDS);
    }

    boolean stopping() {
        return stopping.getCount() == 0;
    }

    private void acceptAll() {
        while (!stopping()) {
            try {
                accept(server.accept());
            } catch (IOException e) {
                if (server.isClosed()) {
                    return;
                }
            }
        }
    }

    private void accept(Socket socket) throws IOException {
        if (open.size() >= mostConnections || stopping()) {
            socket.close();
            return;
        }
        int number = accepted.incrementAndGet();
        Thread thread =
                Thread.ofVirtual().name("postern-peer-" + port() + "-" + number).unstarted(() -> serve(number, socket));
        open.put(socket, thread);
        thread.start();
        if (stopping()) {
            socket.close();
        }
    }

    private void serve(int number, Socket socket) {
        try (socket) {
            service.serve(number, socket);
        } catch (IOException gone) {
            // The client went away, or this listener was closed; whoever serves has noted what matters.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(socket);
        }
    }

    /** Closes every connection and waits, within bounds, until no thread is left. */
    @Override
    public void close() {
        stopping.countDown();
        closeQuietly(server);
        join(acceptor);
        open.forEach((socket, thread) -> {
            closeQuietly(socket);
            join(thread);
        });
    }

    private static void closeQuietly(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            // It is closed as far as it can be.
        }
    }

    private static void join(Thread thread) {
        try {
            if (thread != Thread.currentThread()) {
                thread.join(LAST_WAIT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
