// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import java.io.IOException;
import java.io.InputStream;
import org.postern.spi.mail.Envelope;

/** A message as a session needs it. */
public interface OutboundMessage {

    /** From whom and to whom: only those recipients that this transaction is for. */
    Envelope envelope();

    /** Octets of the content, as declared to the peer. */
    long size();

    /** Whether a peer that offers CHUNKING (RFC 3030) may be sent the content by BDAT. */
    boolean mayBeChunked();

    /** How far commands may go ahead of replies. */
    default Pipelining pipelining() {
        return Pipelining.IFAVAILABLE;
    }

    /**
     * Opens the content: lines that end in CRLF, not yet dot-stuffed. It is read once and closed.
     *
     * @throws IOException if it cannot be read; the peer then sees a lost connection and never an end of content
     */
    InputStream openContent() throws IOException;
}
