// SPDX-License-Identifier: Apache-2.0
package org.postern.bench.hostile;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Peers at addresses of the loopback network, each with a port of its own, all of one conduct.
 *
 * <p>Threading: a virtual thread for each connection. Safe for many threads.
 */
final class Peers implements AutoCloseable {

    private static final int BACKLOG = 512;
    private static final int OCTET = 256;

    private final Conduct conduct;
    private final List<ServerSocket> listeners = new ArrayList<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger met = new AtomicInteger();

    private Peers(Conduct conduct) {
        this.conduct = conduct;
    }

    /** Lets so many listen. */
    static Peers listen(int count, Conduct conduct) throws IOException {
        Peers peers = new Peers(conduct);
        try {
            for (int number = 0; number < count; number++) {
                peers.listen(address(number));
            }
        } catch (IOException failure) {
            peers.close();
            throw failure;
        }
        return peers;
    }

    /** 127.1.0.1, 127.1.0.2 and so on: to a relay these are different hosts. */
    private static InetAddress address(int number) throws IOException {
        int host = number + 1;
        return InetAddress.getByAddress(new byte[] {127, 1, (byte) (host / OCTET), (byte) (host % OCTET)});
    }

    private void listen(InetAddress address) throws IOException {
        ServerSocket listener = new ServerSocket(0, BACKLOG, address);
        listeners.add(listener);
        Thread.ofVirtual().start(() -> accept(listener));
    }

    private void accept(ServerSocket listener) {
        try {
            while (true) {
                Socket socket = listener.accept();
                met.incrementAndGet();
                open.add(socket);
                Thread.ofVirtual().start(() -> meet(socket));
            }
        } catch (IOException closed) {
            // Nobody is to be met any longer.
        }
    }

    private void meet(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            conduct.meet(socket);
        } catch (IOException | InterruptedException over) {
            // What the relay made of it is seen at the relay.
        } finally {
            open.remove(socket);
        }
    }

    /** Where one of them is, as {@code Routes} has it; numbers beyond the last begin anew. */
    String route(int number) {
        ServerSocket listener = listeners.get(number % listeners.size());
        return "smtp://" + listener.getInetAddress().getHostAddress() + ":" + listener.getLocalPort();
    }

    int port() {
        return listeners.getFirst().getLocalPort();
    }

    /** How many connections there are now. */
    int open() {
        return open.size();
    }

    /** How many there were so far. */
    int met() {
        return met.get();
    }

    @Override
    public void close() {
        listeners.forEach(Peers::end);
        open.forEach(Peers::end);
    }

    static void end(AutoCloseable one) {
        try {
            one.close();
        } catch (Exception nothingToBeDone) {
            // It is given up in any case.
        }
    }
}
