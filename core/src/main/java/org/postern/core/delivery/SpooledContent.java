// SPDX-License-Identifier: Apache-2.0
package org.postern.core.delivery;

import java.io.IOException;
import java.io.InputStream;
import java.util.function.BooleanSupplier;
import org.postern.core.queue.QueuedMessage;
import org.postern.core.smtp.OutboundMessage;
import org.postern.core.smtp.Pipelining;
import org.postern.spi.mail.BodyType;
import org.postern.spi.mail.Envelope;
import org.postern.spi.spool.Spool;

/**
 * A message for the client: its content comes straight from the spool.
 *
 * @param spool where the content is
 * @param message which part of it goes out
 * @param accepted whether it may; waits until that is known
 * @param declares8bit whether octets above 127 are declared to the peer, or go out unsaid
 * @param mayBeChunked whether BDAT may be used
 * @param pipelining how far commands may go ahead of replies
 */
record SpooledContent(
        Spool spool,
        QueuedMessage message,
        BooleanSupplier accepted,
        boolean declares8bit,
        boolean mayBeChunked,
        Pipelining pipelining)
        implements OutboundMessage {

    static final String NOT_ACCEPTED = "the message was not accepted";

    @Override
    public Envelope envelope() {
        Envelope envelope = message.envelope();
        return declares8bit
                ? envelope
                : new Envelope(
                        envelope.sender(),
                        envelope.recipients(),
                        BodyType.SEVEN_BIT,
                        envelope.smtpUtf8(),
                        envelope.dsn());
    }

    @Override
    public long size() {
        return message.message().size();
    }

    @Override
    public InputStream openContent() throws IOException {
        if (!accepted.getAsBoolean()) {
            throw new IOException(NOT_ACCEPTED);
        }
        return spool.openContent(message.message().id());
    }
}
