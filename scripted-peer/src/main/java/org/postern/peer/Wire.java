// SPDX-License-Identifier: Apache-2.0
package org.postern.peer;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

/** One connection as octets: buffered both ways, with a limit on the time of each read. Used by one thread. */
final class Wire implements Closeable {

    private static final int BUFFER = 32 * 1024;

    private final Socket transport;
    private final int timeoutMillis;
    private Socket socket;
    private InputStream in;
    private OutputStream out;

    private final byte[] input = new byte[BUFFER];
    private int position;
    private int limit;

    private final byte[] output = new byte[BUFFER];
    private int pending;

    Wire(Socket transport, Duration readTimeout) throws IOException {
        this.transport = transport;
        this.timeoutMillis = Math.toIntExact(Math.max(1, readTimeout.toMillis()));
        transport.setTcpNoDelay(true);
        attach(transport);
    }

    private void attach(Socket connected) throws IOException {
        socket = connected;
        socket.setSoTimeout(timeoutMillis);
        in = socket.getInputStream();
        out = socket.getOutputStream();
    }

    /** Becomes the server side of TLS. Octets that the client sent too early are taken as its handshake. */
    void startTls(SSLContext context, boolean clientCertificate) throws IOException {
        flush();
        InputStream early = new ByteArrayInputStream(Arrays.copyOfRange(input, position, limit));
        discardInput();
        SSLSocket tls = (SSLSocket) context.getSocketFactory().createSocket(transport, early, true);
        tls.setUseClientMode(false);
        tls.setNeedClientAuth(clientCertificate);
        tls.setSoTimeout(timeoutMillis);
        tls.startHandshake();
        attach(tls);
    }

    /** Forgets what was read ahead. */
    void discardInput() {
        position = limit;
    }

    /** The protocol, such as {@code TLSv1.3}; null in clear. */
    String tlsProtocol() {
        return socket instanceof SSLSocket tls ? tls.getSession().getProtocol() : null;
    }

    /** What TLS agreed on; nothing in clear. */
    Optional<SSLSession> tlsSession() {
        return socket instanceof SSLSocket tls ? Optional.of(tls.getSession()) : Optional.empty();
    }

    /** Whether more input can be had without asking the network. */
    boolean hasInput() {
        return position < limit;
    }

    /**
     * The next line with whatever ends it; the rest of the stream if no LF comes any more; null at the end.
     *
     * @throws LineTooLongException if there is no LF within the limit
     */
    byte[] line(int most) throws IOException {
        ByteArrayOutputStream carried = null;
        while (fill()) {
            int end = indexOfLf();
            int size = (end < 0 ? limit : end + 1) - position;
            if (size + (carried == null ? 0 : carried.size()) > most) {
                throw new LineTooLongException(most);
            }
            if (end >= 0 && carried == null) {
                return take(size);
            }
            carried = carried == null ? new ByteArrayOutputStream() : carried;
            carried.write(input, position, size);
            position += size;
            if (end >= 0) {
                return carried.toByteArray();
            }
        }
        return carried == null ? null : carried.toByteArray();
    }

    private int indexOfLf() {
        for (int i = position; i < limit; i++) {
            if (input[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    private byte[] take(int size) {
        position += size;
        return Arrays.copyOfRange(input, position - size, position);
    }

    /** Reads a message up to the line that holds a dot alone; false if the connection ended before it. */
    boolean content(ContentSink sink) throws IOException {
        ContentReader reader = new ContentReader(sink);
        while (fill()) {
            position = reader.accept(input, position, limit);
            if (reader.ended()) {
                return true;
            }
        }
        return false;
    }

    /** Reads exactly so many octets; false if the connection ended before. */
    boolean octets(long count, ContentSink sink) throws IOException {
        long left = count;
        while (left > 0) {
            if (!fill()) {
                return false;
            }
            int size = (int) Math.min(left, limit - position);
            sink.write(input, position, size);
            position += size;
            left -= size;
        }
        return true;
    }

    /** Makes sure that there is input; false at the end of the stream. */
    private boolean fill() throws IOException {
        if (position < limit) {
            return true;
        }
        flush();
        int count = in.read(input, 0, input.length);
        position = 0;
        limit = Math.max(0, count);
        return count > 0;
    }

    /** Queues octets; they leave with {@link #flush()}, before the next read that waits, or when many came together. */
    void send(byte[] octets) throws IOException {
        if (octets.length > output.length - pending) {
            flush();
        }
        if (octets.length > output.length) {
            out.write(octets);
            return;
        }
        System.arraycopy(octets, 0, output, pending, octets.length);
        pending += octets.length;
    }

    /** Sends what is queued. */
    void flush() throws IOException {
        if (pending > 0) {
            int size = pending;
            pending = 0;
            out.write(output, 0, size);
        }
    }

    /** Says that nothing more will be sent, under TLS with close_notify. */
    void endOutput() throws IOException {
        flush();
        socket.shutdownOutput();
    }

    /** Ends the TCP connection as if the process had died; under TLS there is no close_notify. */
    void cut() throws IOException {
        flush();
        transport.shutdownOutput();
    }

    /** Ends the TCP connection with RST. */
    void reset() throws IOException {
        flush();
        transport.setSoLinger(true, 0);
        transport.close();
    }

    @Override
    public void close() throws IOException {
        transport.close();
    }
}
