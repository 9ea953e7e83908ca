// SPDX-License-Identifier: Apache-2.0
package org.postern.intake.smtp;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Looks at content as it passes: takes the transparency dots out, finds the end of DATA, and notes why a message cannot
 * be taken. One pass over the buffer; octets are moved only behind a dot that was taken out.
 *
 * <p>A line ends with CRLF and nothing else. A bare CR or LF is a flaw at once, in whatever place: a listener that is
 * lenient about one of them lets a sender hide a second message in a first (RFC 5321 section 4.1.1.4).
 */
final class ContentScanner {

    private static final byte[] RECEIVED = "received:".getBytes(StandardCharsets.US_ASCII);
    private static final byte CR = '\r';
    private static final byte LF = '\n';
    private static final byte DOT = '.';
    private static final int NO_MATCH = -1;

    private enum State {
        LINE_START,
        AFTER_DOT,
        AFTER_DOT_CR,
        IN_LINE,
        AFTER_CR,
        ENDED
    }

    private final Limits limits;
    private final boolean dots;

    private State state = State.LINE_START;
    private Reply flaw;
    private boolean broken;
    private int kept;
    private long size;
    private int highBits;
    private long line = 1;
    private long lineLength;
    private boolean inHeader = true;
    private int matched;
    private int received;

    private ContentScanner(Limits limits, boolean dots) {
        this.limits = limits;
        this.dots = dots;
    }

    /** For DATA: lines that begin with a dot have one more, and a dot alone ends the content. */
    static ContentScanner ofData(Limits limits) {
        return new ContentScanner(limits, true);
    }

    /** For BDAT (RFC 3030): content as it is, its end known otherwise. */
    static ContentScanner ofChunks(Limits limits) {
        return new ContentScanner(limits, false);
    }

    /**
     * Scans octets. Those that belong to the content are afterwards found together at {@code from}, {@link #kept} of
     * them.
     *
     * @return the index behind the last octet that was scanned: {@code to}, unless the content ended or broke before
     */
    int scan(byte[] buffer, int from, int to) {
        int in = from;
        int out = from;
        while (in < to && state != State.ENDED && !broken) {
            byte octet = buffer[in];
            switch (state) {
                case LINE_START -> {
                    boolean dot = dots && octet == DOT;
                    state = dot ? State.AFTER_DOT : State.IN_LINE;
                    in += dot ? 1 : 0;
                }
                case AFTER_DOT -> {
                    state = octet == CR ? State.AFTER_DOT_CR : State.IN_LINE;
                    in += octet == CR ? 1 : 0;
                }
                case AFTER_DOT_CR -> {
                    in++;
                    endOfData(octet);
                }
                case IN_LINE -> {
                    int end = endOfRun(buffer, in, to);
                    out = keep(buffer, in, end, out);
                    in = end;
                    if (end < to) {
                        in++;
                        out = atLineEnd(buffer, end, out);
                    }
                }
                case AFTER_CR -> {
                    in++;
                    out = afterCr(buffer, octet, out);
                }
                case ENDED -> throw new IllegalStateException("content has ended");
            }
        }
        kept = out - from;
        grow(kept);
        return in;
    }

    private int endOfRun(byte[] buffer, int start, int to) {
        int bits = 0;
        int i = start;
        while (i < to) {
            byte octet = buffer[i];
            if (octet == CR || octet == LF) {
                break;
            }
            bits |= octet;
            i++;
        }
        highBits |= bits;
        return i;
    }

    private int keep(byte[] buffer, int start, int end, int out) {
        int length = end - start;
        if (inHeader && matched != NO_MATCH) {
            matchReceived(buffer, start, end);
        }
        if (out != start) {
            System.arraycopy(buffer, start, buffer, out, length);
        }
        lineLength += length;
        return out + length;
    }

    private void matchReceived(byte[] buffer, int start, int end) {
        for (int i = start; i < end; i++) {
            if (Character.toLowerCase(buffer[i]) != RECEIVED[matched]) {
                matched = NO_MATCH;
                return;
            }
            matched++;
            if (matched == RECEIVED.length) {
                matched = NO_MATCH;
                received++;
                return;
            }
        }
    }

    private int atLineEnd(byte[] buffer, int end, int out) {
        if (buffer[end] == LF) {
            breakAt("LF");
            return out;
        }
        buffer[out] = CR;
        state = State.AFTER_CR;
        return out + 1;
    }

    private int afterCr(byte[] buffer, byte octet, int out) {
        if (octet != LF) {
            breakAt("CR");
            return out;
        }
        buffer[out] = LF;
        endLine();
        return out + 1;
    }

    private void endOfData(byte octet) {
        if (octet == LF) {
            state = State.ENDED;
            endHeader();
        } else {
            breakAt("CR");
        }
    }

    private void endLine() {
        checkLineLength();
        if (inHeader && lineLength == 0) {
            endHeader();
        }
        line++;
        lineLength = 0;
        matched = 0;
        state = State.LINE_START;
    }

    private void endHeader() {
        inHeader = false;
        if (received >= limits.received()) {
            refuse(Reply.of(554, "5.4.6", "message has " + received + " Received fields, it is in a loop"));
        }
    }

    private void checkLineLength() {
        if (lineLength > limits.textLine()) {
            refuse(Reply.of(
                    554,
                    "5.6.0",
                    "line of " + lineLength + " octets at line " + line + ", at most " + limits.textLine()
                            + " are allowed"));
        }
    }

    private void breakAt(String what) {
        broken = true;
        refuse(Reply.of(554, "5.5.2", "bare " + what + " at line " + line + ", lines end with CRLF"));
    }

    private void grow(int octets) {
        size += octets;
        if (size > limits.messageSize()) {
            refuse(Reply.TOO_BIG);
        }
    }

    /** Notes why the message cannot be taken, unless a reason is known already. */
    void refuse(Reply reason) {
        if (flaw == null) {
            flaw = reason;
        }
    }

    /** Says that no more will come, where the end is not marked in the content. */
    void endOfChunks() {
        if (state == State.AFTER_CR) {
            breakAt("CR");
        }
        checkLineLength();
        endHeader();
    }

    int kept() {
        return kept;
    }

    /** Octets of content so far. */
    long size() {
        return size;
    }

    boolean ended() {
        return state == State.ENDED;
    }

    /** Whether a line end was wrong, so that the end of DATA can no longer be trusted. */
    boolean broken() {
        return broken;
    }

    boolean eightBit() {
        return highBits < 0;
    }

    Optional<Reply> flaw() {
        return Optional.ofNullable(flaw);
    }
}
