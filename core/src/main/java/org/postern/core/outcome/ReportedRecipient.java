// SPDX-License-Identifier: Apache-2.0
package org.postern.core.outcome;

import java.util.Optional;
import org.postern.spi.mail.DeliveryOutcome;
import org.postern.spi.mail.EnhancedStatusCode;
import org.postern.spi.mail.MailAddress;
import org.postern.spi.mail.SmtpReply;

/**
 * A recipient in a notification.
 *
 * @param address whom
 * @param reason why, in one line
 * @param reply the peer's reply, if one caused it
 * @param status what the notification says by itself, where the reply has no status code
 * @param original whom the sender named, type and semicolon in front, as xtext (RFC 3461 section 4.2)
 */
public record ReportedRecipient(
        MailAddress address,
        String reason,
        Optional<SmtpReply> reply,
        EnhancedStatusCode status,
        Optional<String> original) {

    /** One that failed. */
    public static ReportedRecipient of(MailAddress address, DeliveryOutcome.Failed failure) {
        EnhancedStatusCode status = EnhancedStatusCode.atStartOf(failure.reason())
                .filter(code -> code.statusClass() == 5)
                .orElse(new EnhancedStatusCode(5, 0, 0));
        return new ReportedRecipient(address, failure.reason(), failure.reply(), status, Optional.empty());
    }

    /** One that waits, if it does. */
    public static Optional<ReportedRecipient> late(MailAddress address, DeliveryOutcome outcome) {
        EnhancedStatusCode status = new EnhancedStatusCode(4, 0, 0);
        return switch (outcome) {
            case DeliveryOutcome.Deferred deferred ->
                Optional.of(
                        new ReportedRecipient(address, deferred.reason(), deferred.reply(), status, Optional.empty()));
            case DeliveryOutcome.Held held ->
                Optional.of(new ReportedRecipient(
                        address,
                        "the sending side cannot proceed: " + held.reason(),
                        Optional.empty(),
                        status,
                        Optional.empty()));
            case DeliveryOutcome.Delivered delivered -> Optional.empty();
            case DeliveryOutcome.Failed failed -> Optional.empty();
        };
    }

    /** One that the next host has taken. */
    public static ReportedRecipient of(MailAddress address, DeliveryOutcome.Delivered delivered) {
        return new ReportedRecipient(
                address,
                delivered.reply().toString(),
                Optional.of(delivered.reply()),
                new EnhancedStatusCode(2, 0, 0),
                Optional.empty());
    }

    /** The same, with whom the sender named. */
    public ReportedRecipient named(Optional<String> byTheSender) {
        return new ReportedRecipient(address, reason, reply, status, byTheSender);
    }

    EnhancedStatusCode statusCode() {
        return reply.flatMap(SmtpReply::enhancedStatusCode).orElse(status);
    }
}
