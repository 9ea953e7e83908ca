// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.postern.spi.mail.EnhancedStatusCode;
import org.postern.spi.mail.SmtpReply;

/**
 * Peers that repeat in their reply what they have just been shown, as some do in debugging builds. The text of replies
 * goes to logs, transcripts, queues and DSNs, so such a text is dropped as a whole; its codes stay.
 */
final class Echo {

    /** Shorter ones turn up by chance, and would make ordinary texts unreadable. */
    private static final int LEAST_SECRET = 4;

    private static final String DROPPED = "<redacted, the peer repeated what it was shown>";

    private Echo() {}

    /**
     * The reply, or its codes alone if its text has in it what was sent.
     *
     * @param sent base64 as it went over the wire, or {@code =}
     */
    static SmtpReply dropped(SmtpReply reply, byte[] sent) {
        return isIn(reply, sent) ? withoutText(reply) : reply;
    }

    // Compared as characters in arrays that are wiped: a string of the secret would stay in memory until it is
    // collected.
    private static boolean isIn(SmtpReply reply, byte[] sent) {
        byte[] response = decoded(sent);
        byte[] secret = afterLastNul(response);
        byte[] encoded = Base64.getEncoder().withoutPadding().encode(secret);
        try {
            String text = String.join(" ", reply.lines());
            return secret.length >= LEAST_SECRET
                    && (isIn(text, sent, StandardCharsets.US_ASCII)
                            || isIn(text, secret, StandardCharsets.UTF_8)
                            || isIn(text, secret, StandardCharsets.ISO_8859_1)
                            || isIn(text, encoded, StandardCharsets.US_ASCII));
        } finally {
            Arrays.fill(response, (byte) 0);
            Arrays.fill(secret, (byte) 0);
            Arrays.fill(encoded, (byte) 0);
        }
    }

    private static boolean isIn(String text, byte[] octets, Charset charset) {
        CharBuffer sought = charset.decode(ByteBuffer.wrap(octets));
        try {
            for (int from = 0; from + sought.length() <= text.length(); from++) {
                int same = 0;
                while (same < sought.length() && sought.charAt(same) == text.charAt(from + same)) {
                    same++;
                }
                if (same == sought.length()) {
                    return true;
                }
            }
            return false;
        } finally {
            Arrays.fill(sought.array(), '\0');
        }
    }

    private static byte[] decoded(byte[] sent) {
        try {
            return Base64.getDecoder().decode(sent);
        } catch (IllegalArgumentException empty) {
            return new byte[0];
        }
    }

    /** All of most responses, the password of PLAIN's (RFC 4616). */
    private static byte[] afterLastNul(byte[] response) {
        int start = response.length;
        while (start > 0 && response[start - 1] != 0) {
            start--;
        }
        return Arrays.copyOfRange(response, start, response.length);
    }

    private static SmtpReply withoutText(SmtpReply reply) {
        String status = reply.enhancedStatusCode()
                .map(EnhancedStatusCode::toString)
                .map(code -> code + " ")
                .orElse("");
        return new SmtpReply(reply.code(), List.of(status + DROPPED));
    }
}
