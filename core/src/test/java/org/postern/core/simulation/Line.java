// SPDX-License-Identifier: Apache-2.0
package org.postern.core.simulation;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.SocketException;
import java.nio.channels.AsynchronousCloseException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.LockSupport;

/** One connection: what is on its way in both directions arrives in order and after a while, or never. */
final class Line {

    private final World world;
    private final Deque<Arrived> arrived = new ArrayDeque<>();
    private PeerSession session;
    private long lastToClient;
    private long lastToPeer;
    private boolean ended;
    private boolean reset;
    private boolean closed;
    private boolean leaving;
    private Thread reader;

    private static final class Arrived {
        private final byte[] octets;
        private final Runnable read;
        private int from;

        private Arrived(byte[] octets, Runnable read) {
            this.octets = octets;
            this.read = read;
        }
    }

    Line(World world) {
        this.world = world;
    }

    void connectedTo(PeerSession peer) {
        session = peer;
    }

    // ---- the client's end

    int read(byte[] into, int offset, int length) throws IOException {
        world.look();
        while (true) {
            if (closed) {
                throw new AsynchronousCloseException();
            }
            if (!arrived.isEmpty()) {
                return take(into, offset, length);
            }
            if (reset) {
                throw new SocketException("Connection reset");
            }
            if (ended) {
                return -1;
            }
            reader = Thread.currentThread();
            LockSupport.park(this);
            reader = null;
            if (Thread.currentThread().isInterrupted()) {
                close();
                throw new SocketException("Closed by interrupt");
            }
        }
    }

    private int take(byte[] into, int offset, int length) {
        Arrived first = arrived.peek();
        int count = Math.min(length, first.octets.length - first.from);
        System.arraycopy(first.octets, first.from, into, offset, count);
        first.from += count;
        if (first.from == first.octets.length) {
            arrived.remove();
            first.read.run();
        }
        return count;
    }

    /** What there is to be read at once; a negative figure at the end. */
    int available() throws IOException {
        if (closed) {
            throw new AsynchronousCloseException();
        }
        return arrived.stream().mapToInt(one -> one.octets.length - one.from).sum();
    }

    /** 0 where nothing has come, as for a channel that does not block. */
    int readNow() throws IOException {
        if (closed) {
            throw new AsynchronousCloseException();
        }
        if (!arrived.isEmpty()) {
            return 1;
        }
        if (reset) {
            throw new SocketException("Connection reset");
        }
        return ended ? -1 : 0;
    }

    void write(byte[] octets) throws IOException {
        world.look();
        if (closed) {
            throw new AsynchronousCloseException();
        }
        if (ended || reset) {
            throw new SocketException("Broken pipe");
        }
        leaving |= new String(octets, ISO_8859_1).equals("QUIT\r\n");
        lastToPeer = Math.max(lastToPeer, world.now() + latency());
        world.after(lastToPeer - world.now(), () -> session.received(octets));
    }

    /** Whether the client neither closed it nor said that it will. */
    boolean isInUse() {
        return !closed && !leaving;
    }

    SimulatedPeer peer() {
        return session.peer();
    }

    boolean isClosed() {
        return closed;
    }

    void close() {
        if (!closed) {
            closed = true;
            wakeReader();
            lastToPeer = Math.max(lastToPeer, world.now() + latency());
            world.after(lastToPeer - world.now(), session::clientLeft);
        }
    }

    // ---- the peer's end

    /**
     * Says something.
     *
     * @param delay nanoseconds until it is on its way
     * @param read what is to be done when the client has read all of it
     */
    void say(byte[] octets, long delay, Runnable read) {
        toClient(delay, () -> arrived.add(new Arrived(octets, read)));
    }

    /**
     * Says something octet by octet.
     *
     * @param time nanoseconds until the last one is on its way
     * @param read what is to be done when the client has read all of it
     */
    void dribble(byte[] octets, long time, Runnable read) {
        for (int i = 1; i <= octets.length; i++) {
            say(new byte[] {octets[i - 1]}, time / octets.length * i, i < octets.length ? () -> {} : read);
        }
    }

    /** Says nothing more. */
    void hangUp(long delay) {
        toClient(delay, () -> ended = true);
    }

    /** Breaks off; what is on its way but not read is lost. */
    void breakOff(long delay) {
        toClient(delay, () -> {
            arrived.clear();
            reset = true;
        });
    }

    private void toClient(long delay, Runnable arrival) {
        lastToClient = Math.max(lastToClient, world.now() + delay + latency());
        world.after(lastToClient - world.now(), () -> {
            arrival.run();
            wakeReader();
        });
    }

    private void wakeReader() {
        if (reader != null) {
            LockSupport.unpark(reader);
        }
    }

    // A tenth of a millisecond to two.
    private long latency() {
        return 100_000 + world.chance().nextInt(1_900_000);
    }
}
