// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.postern.spi.mail.SmtpReply;

/**
 * Reads replies (RFC 5321 section 4.2). One buffer, which grows as far as the limits let it. After STARTTLS there is a new
 * parser, so that nothing said in clear can be taken for something said under TLS.
 */
final class ReplyParser {

    private static final int FIRST_SIZE = 1024;

    /** When to go on reading a reply that does not come in one piece. */
    interface Pace {

        /**
         * Before more of it is read.
         *
         * @param pieces that have come: 1 or more
         */
        void beforeMore(int pieces) throws IOException;
    }

    private final InputStream in;
    private final Pace pace;
    private byte[] buffer = new byte[FIRST_SIZE];
    private int start;
    private int end;
    private int pieces;

    /** Reads as octets come. */
    ReplyParser(InputStream in) {
        this(in, pieces -> {});
    }

    ReplyParser(InputStream in, Pace pace) {
        this.in = in;
        this.pace = pace;
    }

    /** Whether octets were received that belong to no reply asked for so far. */
    boolean hasBuffered() {
        return end > start;
    }

    /** Where nothing is buffered: waits for octets, and leaves them, or the end of the stream, to the next reading. */
    void takeIn() throws IOException {
        start = 0;
        end = Math.max(0, in.read(buffer));
    }

    /**
     * Reads one reply.
     *
     * @throws MalformedReplyException if it is none or exceeds the limits
     * @throws EOFException if the connection ended before it was complete
     */
    SmtpReply read(ReplyLimits limits) throws IOException {
        int budget = limits.octets();
        int code = 0;
        pieces = 0;
        List<String> lines = new ArrayList<>(1);
        boolean more = true;
        while (more) {
            int length = awaitLine(limits.line());
            budget -= length;
            if (budget < 0) {
                throw new MalformedReplyException("a reply of more than " + limits.octets() + " octets");
            }
            if (lines.size() == limits.lines()) {
                throw new MalformedReplyException("a reply of more than " + limits.lines() + " lines");
            }
            int textEnd = textEnd(length);
            code = code(textEnd, code);
            more = textEnd > start + 3 && buffer[start + 3] == '-';
            lines.add(PeerText.of(buffer, Math.min(start + 4, textEnd), textEnd));
            start += length;
        }
        return new SmtpReply(code, lines);
    }

    private int awaitLine(int limit) throws IOException {
        int scanned = start;
        while (true) {
            for (; scanned < end; scanned++) {
                if (buffer[scanned] == '\n') {
                    int length = scanned + 1 - start;
                    checkLength(length, limit);
                    return length;
                }
            }
            checkLength(end - start, limit);
            scanned -= fill(limit);
        }
    }

    private static void checkLength(int length, int limit) throws MalformedReplyException {
        if (length > limit) {
            throw new MalformedReplyException("a reply line of more than " + limit + " octets");
        }
    }

    /** Reads more and returns by how much the content of the buffer was moved to the front. */
    private int fill(int limit) throws IOException {
        int moved = start;
        System.arraycopy(buffer, start, buffer, 0, end - start);
        end -= moved;
        start = 0;
        if (end == buffer.length) {
            // One octet beyond the limit is enough to see that it was passed.
            buffer = Arrays.copyOf(buffer, Math.max(buffer.length + 1, Math.min(buffer.length * 2, limit + 1)));
        }
        if (pieces > 0) {
            pace.beforeMore(pieces);
        }
        int read = in.read(buffer, end, buffer.length - end);
        if (read < 0) {
            throw new EOFException(end > 0 ? "in the middle of a reply" : "no reply");
        }
        pieces++;
        end += read;
        return moved;
    }

    private int textEnd(int length) {
        int last = start + length - 1;
        return last > start && buffer[last - 1] == '\r' ? last - 1 : last;
    }

    private int code(int textEnd, int before) throws MalformedReplyException {
        if (textEnd - start < 3 || !digits(start) || (textEnd - start > 3 && !separator(buffer[start + 3]))) {
            throw new MalformedReplyException("no reply: " + PeerText.excerpt(buffer, start, textEnd));
        }
        int code = (buffer[start] - '0') * 100 + (buffer[start + 1] - '0') * 10 + (buffer[start + 2] - '0');
        if (code < 200 || code > 599) {
            throw new MalformedReplyException("reply code " + code + " does not exist");
        }
        if (before != 0 && code != before) {
            throw new MalformedReplyException("a reply with codes " + before + " and " + code);
        }
        return code;
    }

    private boolean digits(int from) {
        for (int i = from; i < from + 3; i++) {
            if (buffer[i] < '0' || buffer[i] > '9') {
                return false;
            }
        }
        return true;
    }

    private static boolean separator(byte octet) {
        return octet == ' ' || octet == '-';
    }
}
