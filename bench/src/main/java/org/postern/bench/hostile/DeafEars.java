// SPDX-License-Identifier: Apache-2.0
package org.postern.bench.hostile;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Connections on which nobody minds what is said. To say it costs the machine as much as to say it to a relay, and costs no
 * relay anything.
 *
 * <p>Threading: safe for many threads.
 */
final class DeafEars implements Closeable {

    private static final int BACKLOG = 16;
    private static final int MILLIS_BETWEEN_CLEANINGS = 10_000;

    private final List<Socket> mouths = new ArrayList<>();
    private final List<Socket> ears = new ArrayList<>();
    private final AtomicInteger said = new AtomicInteger();
    private volatile boolean closed;

    private DeafEars() {}

    /**
     * Opens them, on loopback.
     *
     * @param count how many: sockets that are rarely used cost the processor more than those that it still knows
     */
    static DeafEars open(int count) throws IOException {
        DeafEars deaf = new DeafEars();
        try (ServerSocket listener = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress())) {
            for (int number = 0; number < count; number++) {
                Socket mouth = new Socket(listener.getInetAddress(), listener.getLocalPort());
                mouth.setTcpNoDelay(true);
                deaf.mouths.add(mouth);
                deaf.ears.add(listener.accept());
            }
        } catch (IOException failure) {
            deaf.close();
            throw failure;
        }
        Thread.ofVirtual().start(deaf::clean);
        return deaf;
    }

    void hear(int octet) throws IOException {
        mouths.get(Math.floorMod(said.getAndIncrement(), mouths.size()))
                .getOutputStream()
                .write(octet);
    }

    // So that no window closes.
    private void clean() {
        try {
            while (!closed) {
                for (Socket ear : ears) {
                    InputStream in = ear.getInputStream();
                    in.skipNBytes(in.available());
                }
                Patience.rest(MILLIS_BETWEEN_CLEANINGS);
            }
        } catch (IOException over) {
            // They are needed no longer.
        }
    }

    @Override
    public void close() {
        closed = true;
        mouths.forEach(Peers::end);
        ears.forEach(Peers::end);
    }
}
