// SPDX-License-Identifier: Apache-2.0
package org.postern.bench;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import org.postern.core.smtp.OutboundMessage;
import org.postern.spi.mail.Envelope;

/**
 * A message in memory, to be sent as the peer likes it.
 *
 * @param envelope who it is from and for
 * @param content all of it, with CRLF at the end of each line
 */
public record Message(Envelope envelope, byte[] content) implements OutboundMessage {

    @Override
    public long size() {
        return content.length;
    }

    @Override
    public boolean mayBeChunked() {
        return true;
    }

    @Override
    public InputStream openContent() {
        return new ByteArrayInputStream(content);
    }
}
