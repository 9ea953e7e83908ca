// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.postern.spi.mail.SmtpReply;

/** Writes what a session reported in the words of the dialogue files. */
final class SendOutcome {

    private SendOutcome() {}

    static String of(SmtpFault fault) {
        return "fault " + fault.kind() + " at " + fault.stage()
                + fault.reply().map(reply -> " with " + reply.code()).orElse("");
    }

    static String of(TransactionResult result) {
        List<String> parts = new ArrayList<>();
        result.mail().ifPresent(mail -> parts.add(result.isLocal() ? local(mail) : "mail " + mail.code()));
        parts.add("rcpt " + result.recipients().stream().map(SendOutcome::code).collect(Collectors.joining(" ")));
        result.data().ifPresent(data -> parts.add("data " + data.code()));
        result.confirmation().ifPresent(reply -> parts.add("confirmed " + reply.code()));
        if (result.isPossibleDuplicate()) {
            parts.add("possible duplicate");
        }
        result.fault().ifPresent(fault -> parts.add(of(fault)));
        return String.join(", ", parts);
    }

    private static String local(SmtpReply reply) {
        return "local " + reply.code() + " " + reply.enhancedStatusCode().orElseThrow();
    }

    private static String code(RecipientReply recipient) {
        Optional<SmtpReply> reply = recipient.reply();
        return reply.map(r -> Integer.toString(r.code())).orElse("-");
    }
}
