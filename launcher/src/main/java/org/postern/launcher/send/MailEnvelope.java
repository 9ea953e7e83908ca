// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher.send;

import java.util.List;

/**
 * From whom, to whom.
 *
 * @param sender the reverse-path without angle brackets, empty for none
 * @param recipients the forward-paths
 */
public record MailEnvelope(String sender, List<String> recipients) {

    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException if an address holds a control character or an angle bracket, with which it could
     *     end the command it stands in
     */
    public MailEnvelope {
        recipients = List.copyOf(recipients);
        refuseUnsafe(sender);
        recipients.forEach(MailEnvelope::refuseUnsafe);
    }

    private static void refuseUnsafe(String address) {
        boolean unsafe = address.codePoints().anyMatch(c -> c < ' ' || c == 0x7f || c == '<' || c == '>');
        if (unsafe) {
            throw new IllegalArgumentException("not an address: " + address.replaceAll("\\p{Cntrl}", "?"));
        }
    }

    /** Whether SMTPUTF8 (RFC 6531) is needed. */
    boolean international() {
        return !isAscii(sender) || !recipients.stream().allMatch(MailEnvelope::isAscii);
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 0x80);
    }
}
