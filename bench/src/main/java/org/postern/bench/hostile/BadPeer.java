// SPDX-License-Identifier: Apache-2.0
package org.postern.bench.hostile;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;

/** Peers from which nothing good comes. */
final class BadPeer {

    private static final String GREETING = "220-bad ";
    private static final int MILLIS = 1_000;

    private BadPeer() {}

    /** Accepts, and never says anything. */
    static Conduct silent() {
        return socket -> {
            InputStream in = socket.getInputStream();
            while (in.read() >= 0) {
                // A relay that speaks first is heard and not answered.
            }
        };
    }

    /**
     * Says a greeting that does not end, octet by octet.
     *
     * @param seconds from one to the next
     * @param speaking whether to; while not, it says as much to deaf ears
     */
    static Conduct dribbling(int seconds, BooleanSupplier speaking, DeafEars deaf) {
        return socket -> dribble(socket, seconds * MILLIS, speaking, deaf);
    }

    private static void dribble(Socket socket, int interval, BooleanSupplier speaking, DeafEars deaf)
            throws IOException {
        OutputStream out = socket.getOutputStream();
        // Not all at the same moment.
        Patience.rest(ThreadLocalRandom.current().nextInt(interval));
        for (int said = 0; true; Patience.rest(interval)) {
            if (speaking.getAsBoolean()) {
                out.write(said < GREETING.length() ? GREETING.charAt(said) : 'a');
                said++;
            } else {
                deaf.hear('a');
            }
        }
    }
}
