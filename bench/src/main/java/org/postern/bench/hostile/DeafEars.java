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

    /** As many as files allow: sockets that are rarely used cost the processor more than those that it still knows. */
    private static final int EARS = 4_500;

    private static final int BACKLOG = 16;
    private static final int MILLIS_BETWEEN_CLEANINGS = 10_000;

    private final List<Socket> mouths = new ArrayList<>();
    private final List<Socket> ears = new ArrayList<>();
    private final AtomicInteger said = new AtomicInteger();

    private DeafEars() {}

    /** Opens them, on loopback. */
    static DeafEars open() throws IOException {
        DeafEars deaf = new DeafEars();
        try (ServerSocket listener = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress())) {
            for (int number = 0; number < EARS; number++) {
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
        mouths.get(Math.floorMod(said.getAndIncrement(), EARS))
                .getOutputStream()
                .write(octet);
    }

    // So that no window closes.
    private void clean() {
        try {
            while (true) {
                for (Socket ear : ears) {
                    InputStream in = ear.getInputStream();
                    in.skipNBytes(in.available());
                }
                Patience.rest(MILLIS_BETWEEN_CLEANINGS);
            }
        } catch (IOException closed) {
            // They are needed no longer.
        }
    }

    @Override
    public void close() {
        mouths.forEach(Peers::end);
        ears.forEach(Peers::end);
    }
}
