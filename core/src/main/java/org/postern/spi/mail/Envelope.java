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
 * @param dsn what the sender wants to hear of its delivery (RFC 3461)
 */
public record Envelope(
        Optional<MailAddress> sender,
        List<MailAddress> recipients,
        BodyType bodyType,
        boolean smtpUtf8,
        DsnRequest dsn) {

    /** @throws IllegalArgumentException if there is no recipient, or something is said for others than the recipients */
    public Envelope {
        Objects.requireNonNull(sender, "sender");
        Objects.requireNonNull(bodyType, "bodyType");
        recipients = List.copyOf(recipients);
        if (recipients.isEmpty()) {
            throw new IllegalArgumentException("an envelope has at least one recipient");
        }
        if (!dsn.recipients().isEmpty() && dsn.recipients().size() != recipients.size()) {
            throw new IllegalArgumentException("what is said for recipients is said for each");
        }
    }

    /** An envelope whose sender has said nothing of notifications. */
    public Envelope(Optional<MailAddress> sender, List<MailAddress> recipients, BodyType bodyType, boolean smtpUtf8) {
        this(sender, recipients, bodyType, smtpUtf8, DsnRequest.NONE);
    }

    /** The same for recipients at these positions only. */
    public Envelope forRecipients(List<Integer> indices) {
        return new Envelope(
                sender, indices.stream().map(recipients::get).toList(), bodyType, smtpUtf8, dsn.forRecipients(indices));
    }

    /** The reverse-path as it goes on the wire, without angle brackets; empty for the null reverse-path. */
    public String senderText() {
        return sender.map(MailAddress::toString).orElse("");
    }
}
