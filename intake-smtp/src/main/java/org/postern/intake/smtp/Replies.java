// SPDX-License-Identifier: Apache-2.0
package org.postern.intake.smtp;

import java.io.IOException;

/** Collects replies, so that the commands of one batch are answered with one write (RFC 2920 section 3.2). */
final class Replies {

    private static final int SIZE = 8192;

    private final Wire wire;
    private final byte[] buffer = new byte[SIZE];
    private int length;

    Replies(Wire wire) {
        this.wire = wire;
    }

    void send(Reply reply) throws IOException {
        byte[] octets = reply.octets();
        if (octets.length > SIZE - length) {
            flush();
        }
        System.arraycopy(octets, 0, buffer, length, octets.length);
        length += octets.length;
    }

    void flush() throws IOException {
        if (length > 0) {
            int pending = length;
            length = 0;
            wire.write(buffer, 0, pending);
        }
    }
}
