// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.TimeUnit;

/**
 * How soon more is read of a reply that comes in pieces. A peer that sends octet by octet would wake its session for each of
 * them, and ten thousand such peers took processor time that others miss. Who takes long for a reply is therefore looked at
 * less and less often: such a reply is seen at most as late again as it took to come.
 */
final class ReadPace implements ReplyParser.Pace {

    /** Pieces that are read as they come, as a greeting that keeps clients waiting between its lines has. */
    private static final int AS_THEY_COME = 4;

    /** Peers that send each line by itself, however far they are, are done before a pause would be as long. */
    private static final long LEAST = TimeUnit.MILLISECONDS.toNanos(200);

    private final InputStream connection;
    private final Deadline deadline;
    private long first;

    /** @param connection below TLS, which hands out a record at a time however many have come */
    ReadPace(InputStream connection, Deadline deadline) {
        this.connection = connection;
        this.deadline = deadline;
    }

    @Override
    public void beforeMore(int pieces) throws IOException {
        if (pieces == 1) {
            first = deadline.now();
        } else if (pieces >= AS_THEY_COME) {
            long pause = deadline.now() - first;
            if (pause >= LEAST && connection.available() == 0) {
                deadline.pause(pause);
            }
        }
    }
}
