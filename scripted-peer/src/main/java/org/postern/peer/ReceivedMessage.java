// SPDX-License-Identifier: Apache-2.0
package org.postern.peer;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A message that a {@link MailPeer} took.
 *
 * @param user as whom the session was authenticated
 * @param mechanism by which mechanism
 * @param tlsProtocol such as {@code TLSv1.3}; empty in clear
 * @param mailFrom the reverse-path without angle brackets
 * @param mailParameters what followed it, such as {@code SIZE=120 BODY=8BITMIME}
 * @param recipients the forward-paths that were accepted, without angle brackets
 * @param content the octets of the message without stuffed dots; the array belongs to the receiver
 * @param connection the connection's number, counted from 1
 * @param when when it was complete
 */
public record ReceivedMessage(
        Optional<String> user,
        Optional<String> mechanism,
        Optional<String> tlsProtocol,
        String mailFrom,
        String mailParameters,
        List<String> recipients,
        byte[] content,
        int connection,
        Instant when) {

    /** Copies the list. */
    public ReceivedMessage {
        recipients = List.copyOf(recipients);
    }

    /** Everything but the content. */
    @Override
    public String toString() {
        return "ReceivedMessage[" + user.orElse("-") + " " + mechanism.orElse("-") + " " + tlsProtocol.orElse("clear")
                + " from=<" + mailFrom + "> to=" + recipients + " " + content.length + " octets, connection "
                + connection + "]";
    }
}
