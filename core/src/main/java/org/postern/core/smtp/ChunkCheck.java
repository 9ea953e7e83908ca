// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

/**
 * Which content may follow BDAT (RFC 3030) before the peer has said anything to the envelope.
 *
 * <p>It has to be ready as it is: every line ends in CRLF, so that its size is that on the wire and no later hop sees a
 * bare CR or LF. And it has to be harmless to peers that refuse BDAT and, against the RFC, take what follows for commands:
 * no line of it is one that opens, fills or turns a mail transaction.
 */
final class ChunkCheck {

    /** Octets of a command line, CRLF included (RFC 5321 section 4.5.3.1.4); where a peer cuts a longer one, nobody knows. */
    private static final int LONGEST_LINE = 512;

    private static final int VERB = 4;

    private ChunkCheck() {}

    /** Whether all lines between the two positions are harmless, and end. */
    static boolean passes(byte[] octets, int from, int to) {
        int start = from;
        while (start < to) {
            int end = LineEnds.next(octets, start, to);
            boolean ended = end + 1 < to && octets[end] == '\r' && octets[end + 1] == '\n';
            if (!ended || end + 2 - start > LONGEST_LINE || isCommand(octets, start, end)) {
                return false;
            }
            start = end + 2;
        }
        return true;
    }

    private static boolean isCommand(byte[] line, int start, int end) {
        int at = start;
        while (at < end && (line[at] == ' ' || line[at] == '\t')) {
            at++;
        }
        return end - at >= VERB
                && (end - at == VERB || !isLetter(line[at + VERB]))
                && movesMail(lower(line[at]) << 24
                        | lower(line[at + 1]) << 16
                        | lower(line[at + 2]) << 8
                        | lower(line[at + 3]));
    }

    private static int lower(byte octet) {
        return (octet & 0xFF) | 0x20;
    }

    private static boolean isLetter(byte octet) {
        int lower = lower(octet);
        return lower >= 'a' && lower <= 'z';
    }

    private static boolean movesMail(int verb) {
        return switch (verb) {
            case 'm' << 24 | 'a' << 16 | 'i' << 8 | 'l',
                    'r' << 24 | 'c' << 16 | 'p' << 8 | 't',
                    'd' << 24 | 'a' << 16 | 't' << 8 | 'a',
                    'b' << 24 | 'd' << 16 | 'a' << 8 | 't',
                    // RFC 821, and RFC 2645.
                    's' << 24 | 'e' << 16 | 'n' << 8 | 'd',
                    's' << 24 | 'o' << 16 | 'm' << 8 | 'l',
                    's' << 24 | 'a' << 16 | 'm' << 8 | 'l',
                    't' << 24 | 'u' << 16 | 'r' << 8 | 'n',
                    'a' << 24 | 't' << 16 | 'r' << 8 | 'n' -> true;
            default -> false;
        };
    }
}
