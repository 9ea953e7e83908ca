// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.mail;

import java.util.List;
import java.util.Optional;

/**
 * A complete reply of a peer (RFC 5321 section 4.2). Only the code carries meaning; the text is for people and is not to
 * be trusted.
 *
 * @param code 200 to 599
 * @param lines the text of each line without code and separator, control characters already made harmless; at least one
 */
public record SmtpReply(int code, List<String> lines) {

    /** @throws IllegalArgumentException if the code is out of bounds or there is no line */
    public SmtpReply {
        if (code < 200 || code > 599) {
            throw new IllegalArgumentException("reply code " + code + " is not between 200 and 599");
        }
        lines = List.copyOf(lines);
        if (lines.isEmpty()) {
            throw new IllegalArgumentException("a reply has at least one line");
        }
    }

    /** The first digit of the code: 2, 3, 4 or 5. */
    public int replyClass() {
        return code / 100;
    }

    /** Whether the command succeeded (2yz). */
    public boolean isPositiveCompletion() {
        return replyClass() == 2;
    }

    /** Whether the peer may change its mind (4yz). */
    public boolean isTransientNegative() {
        return replyClass() == 4;
    }

    /** Whether the peer will not change its mind (5yz). */
    public boolean isPermanentNegative() {
        return replyClass() == 5;
    }

    /** The enhanced status code, if there is one whose class agrees with the reply code (RFC 2034 section 4). */
    public Optional<EnhancedStatusCode> enhancedStatusCode() {
        return EnhancedStatusCode.atStartOf(lines.get(0)).filter(status -> status.statusClass() == replyClass());
    }

    /** Code and text in one line, for logs and DSNs. */
    @Override
    public String toString() {
        return code + " " + String.join(" / ", lines);
    }
}
