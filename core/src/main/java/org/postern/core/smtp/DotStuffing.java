// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

/**
 * Turns content into what follows DATA (RFC 5321 section 4.5.2): a dot before every line that begins with one, and a line
 * with a single dot at the end. Content may come in pieces cut anywhere.
 *
 * <p>A bare CR or LF leaves as CRLF, for peers disagree on where such lines end and a dot behind one could end the message
 * for some of them (CVE-2023-51764). Content that was taken in by the rules has none. Long lines pass as they are: to
 * refuse them is the intake's business, and to fold them would break signatures.
 */
final class DotStuffing {

    /** Octets that the end can take. */
    static final int MAX_END = 5;

    private boolean lineStart = true;
    private boolean afterCr;

    /** Octets that so many can become. */
    static int maxEncoded(int length) {
        return 2 * length;
    }

    /**
     * Encodes a piece. Both arrays may be the same if there is as much room before the piece as it has octets.
     *
     * @return where in {@code to} the next octet goes
     */
    int encode(byte[] from, int start, int end, byte[] to, int offset) {
        int out = offset;
        int at = start;
        while (at < end) {
            byte octet = from[at];
            if (octet == '\n') {
                // Behind a CR the whole CRLF has gone out already.
                if (!afterCr) {
                    out = endLine(to, out);
                }
                afterCr = false;
                at++;
            } else if (octet == '\r') {
                out = endLine(to, out);
                afterCr = true;
                at++;
            } else {
                if (octet == '.' && lineStart) {
                    to[out++] = '.';
                }
                int run = LineEnds.next(from, at, end) - at;
                System.arraycopy(from, at, to, out, run);
                out += run;
                at += run;
                lineStart = false;
                afterCr = false;
            }
        }
        return out;
    }

    /** Ends the last line if it has no end, and then the content. */
    int end(byte[] to, int offset) {
        int out = lineStart ? offset : endLine(to, offset);
        to[out++] = '.';
        return endLine(to, out);
    }

    private int endLine(byte[] to, int offset) {
        to[offset] = '\r';
        to[offset + 1] = '\n';
        lineStart = true;
        return offset + 2;
    }
}
