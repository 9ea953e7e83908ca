// SPDX-License-Identifier: Apache-2.0
package org.postern.intake.smtp;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.concurrent.TimeUnit;

/** A wire over a socket. */
final class SocketWire implements Wire {

    private static final int DRAINED_AT_MOST = 4 * 1024 * 1024;
    private static final long DRAIN_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    // Sockets have no timeout for writing, so the listener looks at this and closes what got stuck.
    private volatile long writingSince;
    private volatile boolean writing;

    SocketWire(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
    }

    @Override
    public int read(byte[] buffer, int from, int length, long nanos) throws IOException {
        socket.setSoTimeout((int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos)));
        return in.read(buffer, from, length);
    }

    @Override
    public void write(byte[] buffer, int from, int length) throws IOException {
        writingSince = System.nanoTime();
        writing = true;
        try {
            out.write(buffer, from, length);
        } finally {
            writing = false;
        }
    }

    @Override
    public boolean hasInput() throws IOException {
        return in.available() > 0;
    }

    boolean stuckFor(long nanos) {
        return writing && System.nanoTime() - writingSince > nanos;
    }

    /** Lets a blocked or later read see the end; what can be written still goes out. */
    void endInput() throws IOException {
        socket.shutdownInput();
    }

    /** Closes so that the last reply arrives: closing over unread octets would reset the connection and destroy it. */
    void closeGently() throws IOException {
        try (socket) {
            socket.shutdownOutput();
            long end = System.nanoTime() + DRAIN_NANOS;
            byte[] dropped = new byte[8192];
            int total = 0;
            int n = 0;
            while (n >= 0 && total < DRAINED_AT_MOST && end - System.nanoTime() > 0) {
                n = read(dropped, 0, dropped.length, end - System.nanoTime());
                total += n;
            }
        }
    }

    void closeNow() throws IOException {
        socket.close();
    }
}
