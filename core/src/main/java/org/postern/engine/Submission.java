// SPDX-License-Identifier: Apache-2.0
package org.postern.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;
import org.postern.spi.mail.Binding;
import org.postern.spi.mail.Envelope;
import org.postern.spi.mail.MessageId;

/** A message on its way in. Used by one thread; closed without {@link #accept}, it leaves nothing behind. */
@ProviderType
public interface Submission extends AutoCloseable {

    /**
     * Adds content: header and body with CRLF line ends, without dot-stuffing. The buffer is consumed and may be reused.
     *
     * @throws org.postern.spi.spool.SpoolFullException if there is no more room
     * @throws IOException if storage fails
     */
    void write(ByteBuffer content) throws IOException;

    /**
     * Takes responsibility. Returns only when the message survives a power cut; delivery starts at once.
     *
     * @param context variables that travel with the message; a password among them is not stored unless
     *     the configuration says so
     * @throws IOException if the message could not be made durable; it was not accepted
     */
    MessageId accept(Envelope envelope, Binding binding, Map<String, String> context) throws IOException;

    /** Drops what was written, unless it was accepted. */
    @Override
    void close();
}
