// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.postern.spi.mail.DeliveryStage;
import org.postern.spi.mail.SmtpReply;

/**
 * All that the peer said in one mail transaction (RFC 5321 section 3.3). Each part is there if its reply was read
 * completely, whatever happened afterwards.
 *
 * @param mail the reply to MAIL; with stage {@link DeliveryStage#IDLE} it is this side's own refusal, see {@link #isLocal()}
 * @param recipients one entry per recipient of the envelope, in its order
 * @param data the reply to DATA, if DATA was sent
 * @param confirmation the reply to the end of the content, the last one where there is one for each recipient. A 4yz or 5yz with stage {@link DeliveryStage#BODY} came early
 *     and no end of content was sent.
 * @param fault what ended the transaction, if it did not run its course; the session is then of no use any more, unless
 *     the fault is at stage {@link DeliveryStage#IDLE}
 * @param stage how far the transaction came. {@link DeliveryStage#CONFIRMATION} without a confirmation means that the
 *     peer may hold a copy (RFC 1047).
 */
public record TransactionResult(
        Optional<SmtpReply> mail,
        List<RecipientReply> recipients,
        Optional<SmtpReply> data,
        Optional<SmtpReply> confirmation,
        Optional<SmtpFault> fault,
        DeliveryStage stage) {

    /** @throws NullPointerException if a part is missing */
    public TransactionResult {
        Objects.requireNonNull(mail, "mail");
        recipients = List.copyOf(recipients);
        Objects.requireNonNull(data, "data");
        Objects.requireNonNull(confirmation, "confirmation");
        Objects.requireNonNull(fault, "fault");
        Objects.requireNonNull(stage, "stage");
    }

    /** Whether the refusal in {@link #mail()} was made here, because of what the peer's EHLO reply says; nothing was sent. */
    public boolean isLocal() {
        return stage == DeliveryStage.IDLE && mail.isPresent();
    }

    /** Whether the peer took responsibility for the recipients that it had accepted. */
    public boolean isConfirmed() {
        return confirmation.filter(SmtpReply::isPositiveCompletion).isPresent();
    }

    /** Whether the end of the content was sent and its reply is not known. */
    public boolean isPossibleDuplicate() {
        return stage == DeliveryStage.CONFIRMATION && confirmation.isEmpty();
    }
}
