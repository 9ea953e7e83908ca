// SPDX-License-Identifier: Apache-2.0
package org.postern.peer;

/** Where a session is when a {@link ReplyOverride} is asked. */
public enum Stage {
    /** The connection was made; the greeting follows. */
    CONNECT,
    /** EHLO, HELO or LHLO. */
    EHLO,
    /** STARTTLS. */
    STARTTLS,
    /** XCLIENT, where it is offered; the argument is the attributes as they came. */
    XCLIENT,
    /** The AUTH command, before the exchange; its argument is the mechanism. */
    AUTH,
    /** The exchange succeeded; the argument is the user. */
    AUTHENTICATED,
    /** MAIL; the argument is the address. */
    MAIL,
    /** RCPT; the argument is the address. */
    RCPT,
    /** DATA. */
    DATA,
    /** The content is complete; the argument is the sender's address, or under LMTP each recipient's in turn. */
    CONTENT,
    /** RSET. */
    RSET,
    /** NOOP. */
    NOOP,
    /** QUIT. */
    QUIT
}
