// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import java.util.Optional;
import org.postern.spi.sasl.TlsEvidence;

/** One session with one peer. Blocking; used by one thread at a time. Opened by {@link SmtpConnector}. */
public final class SmtpConnection implements AutoCloseable {

    SmtpConnection() {}

    /** Where it goes. */
    public Endpoint endpoint() {
        throw new UnsupportedOperationException();
    }

    /** What the peer said it can do, last. */
    public Capabilities capabilities() {
        throw new UnsupportedOperationException();
    }

    /** What TLS showed, if there is TLS. */
    public Optional<TlsEvidence> tls() {
        throw new UnsupportedOperationException();
    }

    /** Whether AUTH succeeded on it. */
    public boolean isAuthenticated() {
        throw new UnsupportedOperationException();
    }

    /**
     * Whether it is worth trying to use it again: open, nothing unasked-for received, no fault so far. Takes at most a
     * millisecond or so.
     */
    public boolean isUsable() {
        throw new UnsupportedOperationException();
    }

    /** For the AUTH exchange. */
    public SaslWire sasl() {
        throw new UnsupportedOperationException();
    }

    /** Runs a mail transaction. Never throws for anything the peer does. */
    public TransactionResult send(OutboundMessage message) {
        throw new UnsupportedOperationException();
    }

    /**
     * Sends RSET.
     *
     * @throws SmtpFault if it was not answered with 2yz; the session is then closed
     */
    public void reset() throws SmtpFault {
        throw new UnsupportedOperationException();
    }

    /** Sends QUIT, waits for its reply no longer than the limit for it, and closes. Never throws. */
    public void quit() {}

    /** Closes without a word. */
    @Override
    public void close() {}
}
