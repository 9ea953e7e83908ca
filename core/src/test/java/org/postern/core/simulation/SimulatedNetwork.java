// SPDX-License-Identifier: Apache-2.0
package org.postern.core.simulation;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.postern.core.smtp.Deadline;
import org.postern.core.smtp.Deadlines;

/** The network as one process sees it. */
public final class SimulatedNetwork extends SelectorProvider implements Deadlines {

    private final World world;
    private final Process process;
    private final History history;
    private final Map<Integer, SimulatedPeer> peers = new HashMap<>();
    private final List<Line> lines = new ArrayList<>();

    /** @param all told apart by their ports */
    public SimulatedNetwork(World world, Process process, History history, List<SimulatedPeer> all) {
        this.world = world;
        this.process = process;
        this.history = history;
        all.forEach(peer -> peers.put(peer.port(), peer));
    }

    @Override
    public SocketChannel openSocketChannel() {
        return new SimulatedChannel(this);
    }

    Line connect(InetSocketAddress address, int millis) throws IOException {
        Line line = peers.get(address.getPort()).accept(world, Duration.ofMillis(millis));
        lines.removeIf(Line::isClosed);
        lines.add(line);
        history.connected(
                line.peer().port(),
                lines.stream()
                        .filter(one -> one.isInUse() && one.peer() == line.peer())
                        .count());
        return line;
    }

    /** The process is gone: what it has sent is on its way, and its peers hear that it hangs up. */
    public void cut() {
        lines.forEach(Line::close);
    }

    /** Connections that the process has not closed. */
    public long open() {
        return lines.stream().filter(line -> !line.isClosed()).count();
    }

    @Override
    public Deadline over(Closeable connection) {
        return new SimulatedDeadline(connection);
    }

    /** Cuts nothing: whether everything is closed in the end is what is to be found out. */
    @Override
    public void close() {}

    private final class SimulatedDeadline implements Deadline {

        private final Closeable connection;
        private long due = Long.MAX_VALUE;
        private boolean watched;
        private boolean expired;
        private boolean isCut;
        private Thread pausing;

        SimulatedDeadline(Closeable connection) {
            this.connection = connection;
        }

        @Override
        public void arm(Duration limit) {
            due = world.now() + limit.toNanos();
            if (!watched) {
                watch();
            }
        }

        // One event at a time, however often it is armed.
        private void watch() {
            watched = true;
            world.after(due - world.now(), () -> {
                watched = false;
                if (due > world.now()) {
                    if (due != Long.MAX_VALUE) {
                        watch();
                    }
                } else if (process.isAlive()) {
                    due = Long.MAX_VALUE;
                    expired = true;
                    cut();
                }
            });
        }

        @Override
        public void disarm() {
            due = Long.MAX_VALUE;
        }

        @Override
        public long now() {
            return world.now();
        }

        @Override
        public void pause(long nanos) {
            long end = world.now() + Math.min(nanos, Deadline.mayPass(due - world.now()));
            pausing = Thread.currentThread();
            world.after(end - world.now(), this::wake);
            while (world.now() < end && !isCut && !Thread.currentThread().isInterrupted()) {
                LockSupport.park(this);
            }
            pausing = null;
        }

        private void wake() {
            LockSupport.unpark(pausing);
        }

        @Override
        public boolean isExpired() {
            return expired;
        }

        @Override
        public void cut() {
            try {
                connection.close();
            } catch (IOException impossible) {
                throw new IllegalStateException(impossible);
            }
            isCut = true;
            wake();
        }

        @Override
        public void close() {
            due = Long.MAX_VALUE;
        }
    }

    @Override
    public DatagramChannel openDatagramChannel() {
        throw new UnsupportedOperationException();
    }

    @Override
    public DatagramChannel openDatagramChannel(ProtocolFamily family) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Pipe openPipe() {
        throw new UnsupportedOperationException();
    }

    @Override
    public AbstractSelector openSelector() {
        throw new UnsupportedOperationException();
    }

    @Override
    public ServerSocketChannel openServerSocketChannel() {
        throw new UnsupportedOperationException();
    }
}
