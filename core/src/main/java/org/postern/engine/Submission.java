// SPDX-License-Identifier: Apache-2.0
package org.postern.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;
import org.postern.spi.mail.Binding;
import org.postern.spi.mail.Envelope;
import org.postern.spi.mail.MessageId;

/**
 * A message on its way in. Used by one thread; closed without having been accepted, it leaves nothing behind.
 *
 * <p>{@code X-Binding} fields are taken out of the header, whoever wrote them: they speak to this relay and not to the
 * next.
 */
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
     * Takes responsibility. Returns only when the message survives a power cut; delivery starts at once. The binding is
     * final: neither the header nor a hook is asked.
     *
     * @param context variables that travel with the message; a password among them is not stored unless
     *     the configuration says so
     * @throws IOException if the message could not be made durable; it was not accepted
     */
    MessageId accept(Envelope envelope, Binding binding, Map<String, String> context) throws IOException;

    /**
     * Takes responsibility likewise, after the binding was found: the one that is requested, or the one in the header
     * where that may decide, or the one that a {@link org.postern.spi.policy.BindingHook} chooses; else {@code default}.
     *
     * @throws PolicyException if a hook failed, or no configuration is in force that has the bindings; nothing was accepted
     * @throws IOException if the message could not be made durable; it was not accepted
     */
    MessageId accept(Envelope envelope, BindingRequest binding, Map<String, String> context) throws IOException;

    /** Drops what was written, unless it was accepted. */
    @Override
    void close();
}
