// SPDX-License-Identifier: Apache-2.0
package org.postern.core.simulation;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.Set;

/** As much of a channel as sessions in clear use. */
final class SimulatedChannel extends SocketChannel {

    private final SimulatedNetwork network;
    private final Socket socket = new SimulatedSocket();
    private Line line;

    SimulatedChannel(SimulatedNetwork network) {
        super(network);
        this.network = network;
    }

    @Override
    public Socket socket() {
        return socket;
    }

    @Override
    public <T> SocketChannel setOption(SocketOption<T> name, T value) {
        return this;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        return line.readNow();
    }

    @Override
    protected void implCloseSelectableChannel() {
        if (line != null) {
            line.close();
        }
    }

    @Override
    protected void implConfigureBlocking(boolean block) {}

    private final class SimulatedSocket extends Socket {

        private final InputStream in = new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                return line.read(into, offset, length);
            }

            @Override
            public int available() throws IOException {
                return line.available();
            }
        };

        private final OutputStream out = new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                line.write(new byte[] {(byte) octet});
            }

            @Override
            public void write(byte[] octets, int offset, int length) throws IOException {
                if (length > 0) {
                    line.write(Arrays.copyOfRange(octets, offset, offset + length));
                }
            }
        };

        @Override
        public void connect(SocketAddress address, int millis) throws IOException {
            line = network.connect((InetSocketAddress) address, millis);
            if (!SimulatedChannel.this.isOpen()) {
                line.close();
                throw new SocketException("Closed");
            }
        }

        @Override
        public InputStream getInputStream() {
            return in;
        }

        @Override
        public OutputStream getOutputStream() {
            return out;
        }

        @Override
        public synchronized void close() throws IOException {
            SimulatedChannel.this.close();
        }
    }

    @Override
    public SocketChannel bind(SocketAddress local) {
        return this;
    }

    @Override
    public <T> T getOption(SocketOption<T> name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        throw new UnsupportedOperationException();
    }

    @Override
    public SocketChannel shutdownInput() {
        throw new UnsupportedOperationException();
    }

    @Override
    public SocketChannel shutdownOutput() {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean isConnected() {
        return line != null;
    }

    @Override
    public boolean isConnectionPending() {
        return false;
    }

    @Override
    public boolean connect(SocketAddress remote) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean finishConnect() {
        throw new UnsupportedOperationException();
    }

    @Override
    public SocketAddress getRemoteAddress() {
        throw new UnsupportedOperationException();
    }

    @Override
    public SocketAddress getLocalAddress() {
        throw new UnsupportedOperationException();
    }

    @Override
    public long read(ByteBuffer[] targets, int offset, int length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int write(ByteBuffer source) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) {
        throw new UnsupportedOperationException();
    }
}
