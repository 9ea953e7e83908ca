// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.mail;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Who a message is from and for (RFC 5321 section 2.3.1).
 *
 * @param sender the reverse-path; empty for the null reverse-path {@code <>}
 * @param recipients the forward-paths, at least one, in the order given
 * @param bodyType what was declared for the content
 * @param smtpUtf8 whether the message was submitted with SMTPUTF8 (RFC 6531)
 */
public record Envelope(
        Optional<MailAddress> sender, List<MailAddress> recipients, BodyType bodyType, boolean smtpUtf8) {

    /** @throws IllegalArgumentException if there is no recipient */
    public Envelope {
        Objects.requireNonNull(sender, "sender");
        Objects.requireNonNull(bodyType, "bodyType");
        recipients = List.copyOf(recipients);
        if (recipients.isEmpty()) {
            throw new IllegalArgumentException("an envelope has at least one recipient");
        }
    }

    /** The reverse-path as it goes on the wire, without angle brackets; empty for the null reverse-path. */
    public String senderText() {
        return sender.map(MailAddress::toString).orElse("");
    }
}
