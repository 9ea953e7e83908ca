// SPDX-License-Identifier: Apache-2.0
package org.postern.intake.smtp;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.function.LongSupplier;

/**
 * The octets of a peer in one buffer that is used again and again; commands are cut out of it, content is passed on from
 * it. Before it waits for the peer, all replies go out.
 */
final class Input {

    static final int SIZE = 64 * 1024;

    private static final int SKIPPED_AT_MOST = 1024 * 1024;
    private static final byte CR = '\r';
    private static final byte LF = '\n';

    private final Wire wire;
    private final Replies replies;
    private final LongSupplier nanoTime;
    private final int lineLength;
    private final byte[] buffer = new byte[SIZE];
    private int from;
    private int to;

    Input(Wire wire, Replies replies, LongSupplier nanoTime, int lineLength) {
        this.wire = wire;
        this.replies = replies;
        this.nanoTime = nanoTime;
        this.lineLength = lineLength;
    }

    byte[] buffer() {
        return buffer;
    }

    int from() {
        return from;
    }

    int to() {
        return to;
    }

    boolean isEmpty() {
        return from == to;
    }

    void consumeTo(int index) {
        from = index;
    }

    /**
     * Waits for more octets.
     *
     * @return how many came
     * @throws EOFException if the peer is gone
     * @throws SocketTimeoutException if none came in time
     */
    int fill(long nanos) throws IOException {
        replies.flush();
        if (nanos <= 0) {
            throw new SocketTimeoutException();
        }
        makeRoom();
        int n = wire.read(buffer, to, SIZE - to, nanos);
        if (n < 0) {
            throw new EOFException();
        }
        to += n;
        return n;
    }

    private void makeRoom() {
        if (from == to) {
            from = 0;
            to = 0;
        } else if (from > 0 && to == SIZE) {
            System.arraycopy(buffer, from, buffer, 0, to - from);
            to -= from;
            from = 0;
        }
    }

    /** Takes the next command, for which the peer has this long as a whole. */
    Line readLine(long nanos) throws IOException {
        long deadline = 0;
        int seen = 0;
        while (true) {
            int end = endOfLine(from + seen);
            if (end < to) {
                return take(end);
            }
            seen = to - from;
            if (seen >= lineLength) {
                return skip(deadline == 0 ? nanoTime.getAsLong() + nanos : deadline);
            }
            // A CR that came last is looked at again, together with what follows it.
            seen -= seen > 0 && buffer[to - 1] == CR ? 1 : 0;
            deadline = deadline == 0 ? nanoTime.getAsLong() + nanos : deadline;
            fill(deadline - nanoTime.getAsLong());
        }
    }

    // The index of the LF, or of a CR that no LF follows; the end of the octets if neither is there.
    private int endOfLine(int start) {
        for (int i = start; i < to; i++) {
            if (buffer[i] == LF || (buffer[i] == CR && i + 1 < to && buffer[i + 1] != LF)) {
                return i;
            }
        }
        return to;
    }

    private Line take(int end) {
        int start = from;
        from = end + 1;
        if (buffer[end] == CR) {
            return new Line.BadEnd("bare CR");
        }
        if (end == start || buffer[end - 1] != CR) {
            return new Line.BadEnd("bare LF");
        }
        return end + 1 - start > lineLength ? new Line.TooLong() : decode(start, end - 1 - start);
    }

    private Line decode(int start, int length) {
        try {
            return new Line.Text(
                    isAscii(start, length)
                            ? new String(buffer, start, length, StandardCharsets.US_ASCII)
                            : StandardCharsets.UTF_8
                                    .newDecoder()
                                    .decode(ByteBuffer.wrap(buffer, start, length))
                                    .toString());
        } catch (CharacterCodingException malformed) {
            return new Line.NotUtf8();
        }
    }

    private boolean isAscii(int start, int length) {
        int bits = 0;
        for (int i = start; i < start + length; i++) {
            bits |= buffer[i];
        }
        return bits >= 0;
    }

    private Line skip(long deadline) throws IOException {
        for (int skipped = to - from; skipped < SKIPPED_AT_MOST; skipped += to - from) {
            boolean afterCr = buffer[to - 1] == CR;
            from = to;
            fill(deadline - nanoTime.getAsLong());
            if (afterCr && buffer[from] != LF) {
                return new Line.BadEnd("bare CR");
            }
            int end = endOfLine(from);
            if (end < to) {
                boolean whole = buffer[end] == LF && (end == from ? afterCr : buffer[end - 1] == CR);
                from = end + 1;
                return whole ? new Line.TooLong() : new Line.BadEnd("bare CR or LF");
            }
        }
        return new Line.Endless();
    }
}
