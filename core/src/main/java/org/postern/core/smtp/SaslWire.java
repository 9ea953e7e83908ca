// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import org.postern.spi.mail.SmtpReply;

/**
 * What an AUTH exchange (RFC 4954 section 4) may send on a session. All arguments are base64 or {@code =}, in ASCII; they
 * are not wiped here and never shown to the tap. Only a session's thread uses it.
 */
public interface SaslWire {

    /** Octets in a command line, CRLF included (RFC 5321 section 4.5.3.1.4). */
    int MAX_COMMAND_OCTETS = 512;

    /** Octets in a response or challenge, CRLF included (RFC 4954 section 4). */
    int MAX_LINE_OCTETS = 16_384;

    /**
     * Sends AUTH.
     *
     * @param mechanism in upper case
     * @param initialResponse what follows it, or null for nothing
     * @throws IllegalStateException within a mail transaction or on an authenticated session
     * @throws IllegalArgumentException if the line would be longer than {@link #MAX_LINE_OCTETS}
     */
    SmtpReply auth(String mechanism, byte[] initialResponse) throws SmtpFault;

    /** Answers a 334; an empty array is an empty line. */
    SmtpReply respond(byte[] response) throws SmtpFault;

    /** Answers a 334 with {@code *}. */
    SmtpReply cancel() throws SmtpFault;

    /** The fact that the peer gave an answer that AUTH does not have. The session is closed. */
    SmtpFault unexpected(SmtpReply reply);
}
