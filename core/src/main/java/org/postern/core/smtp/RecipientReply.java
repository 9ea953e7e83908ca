// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import java.util.Objects;
import java.util.Optional;
import org.postern.spi.mail.MailAddress;
import org.postern.spi.mail.SmtpReply;

/**
 * What became of one recipient.
 *
 * @param recipient the forward-path
 * @param reply the peer's reply to RCPT; none if the transaction ended before it
 * @param confirmation the reply to the content for this recipient alone, where the peer gives one for each (RFC 2033
 *     section 4.2)
 */
public record RecipientReply(MailAddress recipient, Optional<SmtpReply> reply, Optional<SmtpReply> confirmation) {

    /** @throws NullPointerException if a part is missing */
    public RecipientReply {
        Objects.requireNonNull(recipient, "recipient");
        Objects.requireNonNull(reply, "reply");
        Objects.requireNonNull(confirmation, "confirmation");
    }

    /** Without a confirmation of its own. */
    public RecipientReply(MailAddress recipient, Optional<SmtpReply> reply) {
        this(recipient, reply, Optional.empty());
    }

    /** Whether the peer takes the recipient. */
    public boolean isAccepted() {
        return reply.filter(SmtpReply::isPositiveCompletion).isPresent();
    }
}
