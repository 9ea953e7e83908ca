// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import java.time.Duration;
import java.util.List;

/**
 * How long each step may take. A limit holds for a whole reply, not for a single read, so a peer that sends an octet now
 * and then gains nothing. There is none for a whole transaction (RFC 5321 section 4.5.3.2).
 *
 * @param connect to be connected to one address
 * @param greeting from then to the end of the greeting
 * @param ehlo for the reply to EHLO or HELO
 * @param startTls for the reply to STARTTLS, and again for the handshake
 * @param auth for each reply in an AUTH exchange
 * @param mail for the reply to MAIL
 * @param rcpt for the reply to each RCPT
 * @param data for the reply to DATA
 * @param block to hand each block of content (16 KiB) to the peer
 * @param confirmation for the reply to the end of the content; to cut it short makes duplicates (RFC 1047)
 * @param rset for the reply to RSET
 * @param quit for QUIT and the end of the connection
 */
public record SmtpTimeouts(
        Duration connect,
        Duration greeting,
        Duration ehlo,
        Duration startTls,
        Duration auth,
        Duration mail,
        Duration rcpt,
        Duration data,
        Duration block,
        Duration confirmation,
        Duration rset,
        Duration quit) {

    /** At least what RFC 5321 section 4.5.3.2 asks for, where it says something. */
    public static final SmtpTimeouts DEFAULTS = new SmtpTimeouts(
            Duration.ofSeconds(30),
            Duration.ofMinutes(5),
            Duration.ofMinutes(5),
            Duration.ofMinutes(1),
            Duration.ofMinutes(5),
            Duration.ofMinutes(5),
            Duration.ofMinutes(5),
            Duration.ofMinutes(2),
            Duration.ofMinutes(3),
            Duration.ofMinutes(10),
            Duration.ofSeconds(20),
            Duration.ofSeconds(5));

    /** @throws IllegalArgumentException if one is zero, negative or longer than a day */
    public SmtpTimeouts {
        for (Duration limit :
                List.of(connect, greeting, ehlo, startTls, auth, mail, rcpt, data, block, confirmation, rset, quit)) {
            if (limit.isZero() || limit.isNegative() || limit.compareTo(Duration.ofDays(1)) > 0) {
                throw new IllegalArgumentException("a timeout of " + limit + " is not between 0 and a day");
            }
        }
    }

    /** The same limit for every step. */
    public static SmtpTimeouts all(Duration limit) {
        return new SmtpTimeouts(limit, limit, limit, limit, limit, limit, limit, limit, limit, limit, limit, limit);
    }
}
