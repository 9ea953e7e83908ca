// SPDX-License-Identifier: Apache-2.0
package org.postern.bench;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Lines and contents over a socket, both ways, with as few system calls as there are turns. Used by one thread. */
public final class LineWire implements AutoCloseable {

    private static final int SIZE = 16 * 1024;
    private static final byte[] END = {'\r', '\n', '.', '\r', '\n'};

    private final InputStream in;
    private final OutputStream out;
    private final byte[] input = new byte[SIZE];
    private final byte[] output;
    private int start;
    private int end;
    private int gathered;

    /** Over a socket that is connected. */
    public LineWire(Socket socket) throws IOException {
        this(socket.getInputStream(), socket.getOutputStream(), SIZE);
    }

    /** @param gather how many octets to say are gathered before they leave without having been told to */
    public LineWire(InputStream in, OutputStream out, int gather) {
        this.in = in;
        this.out = out;
        this.output = new byte[gather];
    }

    /** Adds a line to what leaves next. */
    public void say(String line) throws IOException {
        put(line.getBytes(StandardCharsets.US_ASCII));
        put(END, 2);
    }

    /** Adds octets to what leaves next. */
    public void put(byte[] octets) throws IOException {
        put(octets, octets.length);
    }

    private void put(byte[] octets, int length) throws IOException {
        if (gathered + length > output.length) {
            flush();
        }
        if (length > output.length) {
            out.write(octets, 0, length);
        } else {
            System.arraycopy(octets, 0, output, gathered, length);
            gathered += length;
        }
    }

    /** Sends what was gathered. */
    public void flush() throws IOException {
        out.write(output, 0, gathered);
        out.flush();
        gathered = 0;
    }

    /** Replies to a flight of commands leave together. */
    public void flushIfNothingWaits() throws IOException {
        if (start == end && gathered > 0) {
            flush();
        }
    }

    /** The next line without its end; null at the end of the stream. */
    public String line() throws IOException {
        int at = start;
        while (true) {
            for (; at < end; at++) {
                if (input[at] == '\n') {
                    String line = new String(input, start, Math.max(0, at - 1 - start), StandardCharsets.ISO_8859_1);
                    start = at + 1;
                    return line;
                }
            }
            at -= start;
            if (!fill()) {
                return null;
            }
        }
    }

    /** Moves what is left to the front, so that a position counts from 0 afterwards, and reads more behind it. */
    private boolean fill() throws IOException {
        System.arraycopy(input, start, input, 0, end - start);
        end -= start;
        start = 0;
        if (end == input.length) {
            throw new IOException("a line of more than " + SIZE + " octets");
        }
        int read = in.read(input, end, input.length - end);
        end += Math.max(0, read);
        return read >= 0;
    }

    /** Reads up to and with the line that ends a message. */
    public void skipContent() throws IOException {
        int matched = 2;
        while (true) {
            while (start < end) {
                byte octet = input[start++];
                if (octet == END[matched]) {
                    matched++;
                    if (matched == END.length) {
                        return;
                    }
                } else {
                    matched = octet == '\r' ? 1 : 0;
                }
            }
            if (!fill()) {
                throw new EOFException("within a message");
            }
        }
    }

    /** Reads so many octets. */
    void skip(long octets) throws IOException {
        long left = octets;
        while (left > 0) {
            int here = (int) Math.min(left, end - start);
            start += here;
            left -= here;
            if (left > 0 && !fill()) {
                throw new EOFException("within a chunk");
            }
        }
    }

    /** Closes what it writes to. */
    @Override
    public void close() throws IOException {
        out.close();
    }

    /** Reads a reply of any number of lines; returns the last. */
    public String reply() throws IOException {
        while (true) {
            String line = line();
            if (line == null) {
                throw new EOFException("the relay closed the connection");
            }
            if (line.length() < 4 || line.charAt(3) != '-') {
                return line;
            }
        }
    }
}
