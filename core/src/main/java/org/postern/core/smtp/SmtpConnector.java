// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

/**
 * Opens sessions. Holds what they share: the thread that enforces deadlines, and trust with its TLS sessions. Safe for use
 * by many threads.
 */
public final class SmtpConnector implements AutoCloseable {

    /** A connector with nothing open. */
    public SmtpConnector() {}

    /**
     * Connects, and comes back when the peer has said what it can do, under TLS where the policy says so. Blocks.
     *
     * @throws SmtpFault if any step of that failed; the connection is then closed
     */
    public SmtpConnection open(SessionParameters parameters, WireTap tap) throws SmtpFault {
        throw new UnsupportedOperationException();
    }

    /** Cuts every session that is still open. */
    @Override
    public void close() {}
}
