// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import java.util.Objects;
import java.util.Optional;
import org.postern.spi.mail.MailAddress;
import org.postern.spi.mail.SmtpReply;

/**
 * What became of one RCPT.
 *
 * @param recipient the forward-path
 * @param reply the peer's reply; none if the transaction ended before it
 */
public record RecipientReply(MailAddress recipient, Optional<SmtpReply> reply) {

    /** @throws NullPointerException if a part is missing */
    public RecipientReply {
        Objects.requireNonNull(recipient, "recipient");
        Objects.requireNonNull(reply, "reply");
    }

    /** Whether the peer takes the recipient. */
    public boolean isAccepted() {
        return reply.filter(SmtpReply::isPositiveCompletion).isPresent();
    }
}
