// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

/** How far commands may go ahead of the replies of a peer that offers PIPELINING (RFC 2920). */
public enum Pipelining {
    /** Each waits for the reply to the one before. */
    NO,
    /** Up to the end of a message. */
    MESSAGE,
    /** Beyond it: the next message may begin before the end of one is answered. */
    IFAVAILABLE
}
