// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

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

    private static boolean isIn(SmtpReply reply, byte[] sent) {
        byte[] secret = secret(sent);
        if (secret.length < LEAST_SECRET) {
            return false;
        }
        String text = String.join(" ", reply.lines());
        return text.contains(ascii(sent))
                || text.contains(new String(secret, StandardCharsets.UTF_8))
                || text.contains(new String(secret, StandardCharsets.ISO_8859_1))
                || text.contains(ascii(Base64.getEncoder().withoutPadding().encode(secret)));
    }

    /** What follows the last NUL: all of most responses, the password of PLAIN's (RFC 4616). */
    private static byte[] secret(byte[] sent) {
        try {
            byte[] response = Base64.getDecoder().decode(sent);
            int start = response.length;
            while (start > 0 && response[start - 1] != 0) {
                start--;
            }
            return Arrays.copyOfRange(response, start, response.length);
        } catch (IllegalArgumentException empty) {
            return new byte[0];
        }
    }

    private static String ascii(byte[] octets) {
        return new String(octets, StandardCharsets.US_ASCII);
    }

    private static SmtpReply withoutText(SmtpReply reply) {
        String status = reply.enhancedStatusCode()
                .map(EnhancedStatusCode::toString)
                .map(code -> code + " ")
                .orElse("");
        return new SmtpReply(reply.code(), List.of(status + DROPPED));
    }
}
