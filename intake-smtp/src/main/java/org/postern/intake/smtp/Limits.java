// SPDX-License-Identifier: Apache-2.0
package org.postern.intake.smtp;

import java.time.Duration;

/**
 * What one peer, one connection and one message may take.
 *
 * @param messageSize octets of content
 * @param recipients recipients of a message
 * @param connections connections at once
 * @param connectionsPerPeer connections at once from one address
 * @param lineLength octets of a command line with its line end
 * @param textLine octets of a line of content without its line end
 * @param received Received fields from which on a message is taken for a loop
 * @param errors refused commands before the connection is closed
 * @param commandTimeout for a whole command
 * @param dataTimeout for a pause within content, and for a reply to be taken
 * @param minimumDataRate octets per second of content; 0 for no minimum
 */
record Limits(
        long messageSize,
        int recipients,
        int connections,
        int connectionsPerPeer,
        int lineLength,
        int textLine,
        int received,
        int errors,
        Duration commandTimeout,
        Duration dataTimeout,
        long minimumDataRate) {

    /**
     * 512 of RFC 5321 section 4.5.3.1.4, and what SIZE (26), BODY (17), SMTPUTF8 (10), AUTH (500), RET (9) and ENVID (107)
     * add to MAIL; NOTIFY and ORCPT add less to RCPT.
     */
    static final int LEAST_LINE_LENGTH = 512 + 26 + 17 + 10 + 500 + 9 + 107;
}
