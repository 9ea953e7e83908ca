// SPDX-License-Identifier: Apache-2.0
package org.postern.peer;

/**
 * Finds the end of a message and takes the stuffed dots out (RFC 5321 section 4.5.2), over any number of buffers. Only
 * CRLF ends a line: a bare LF or CR is content.
 */
final class ContentReader {

    private enum State {
        LINE_START,
        INSIDE,
        AFTER_CR,
        AFTER_DOT,
        AFTER_DOT_CR,
        ENDED
    }

    private static final byte[] CR = {'\r'};

    private final ContentSink sink;
    private State state = State.LINE_START;

    ContentReader(ContentSink sink) {
        this.sink = sink;
    }

    boolean ended() {
        return state == State.ENDED;
    }

    /** Takes octets; returns the position after the last one that belongs to the message. */
    int accept(byte[] octets, int from, int limit) {
        int run = from;
        int at = from;
        if (state == State.AFTER_DOT_CR && octets[at] != '\n') {
            // The CR was the last octet of the buffer before, and turns out to be content.
            sink.write(CR, 0, 1);
        }
        while (at < limit) {
            byte octet = octets[at];
            switch (state) {
                case LINE_START -> {
                    if (octet == '.') {
                        emit(octets, run, at);
                        run = at + 1;
                        state = State.AFTER_DOT;
                    } else {
                        state = octet == '\r' ? State.AFTER_CR : State.INSIDE;
                    }
                    at++;
                }
                case INSIDE -> {
                    at = indexOfCr(octets, at, limit);
                    if (at < limit) {
                        state = State.AFTER_CR;
                        at++;
                    }
                }
                case AFTER_CR -> {
                    state = octet == '\n' ? State.LINE_START : octet == '\r' ? State.AFTER_CR : State.INSIDE;
                    at++;
                }
                case AFTER_DOT -> {
                    state = octet == '\r' ? State.AFTER_DOT_CR : State.INSIDE;
                    at++;
                }
                case AFTER_DOT_CR -> {
                    if (octet == '\n') {
                        state = State.ENDED;
                        return at + 1;
                    }
                    state = octet == '\r' ? State.AFTER_CR : State.INSIDE;
                    at++;
                }
                case ENDED -> throw new IllegalStateException("the message has ended");
            }
        }
        emit(octets, run, state == State.AFTER_DOT_CR ? limit - 1 : limit);
        return limit;
    }

    private void emit(byte[] octets, int from, int to) {
        if (to > from) {
            sink.write(octets, from, to - from);
        }
    }

    private static int indexOfCr(byte[] octets, int from, int limit) {
        int at = from;
        while (at < limit && octets[at] != '\r') {
            at++;
        }
        return at;
    }
}
