// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;
import org.postern.spi.mail.Binding;
import org.postern.spi.mail.Envelope;

/** A message on its way into the spool. Used by one thread; closed without a commit, it leaves nothing behind. */
@ConsumerType
public interface Draft extends AutoCloseable {

    /**
     * Adds content. The buffer is consumed and may be reused by the caller at once.
     *
     * @throws SpoolFullException if there is no more room
     * @throws IOException if storage fails
     */
    void write(ByteBuffer content) throws IOException;

    /**
     * Makes the message durable, and returns only then.
     *
     * @param envelope who it is from and for
     * @param binding the binding it leaves through
     * @param context its variables, without secrets
     * @param received when it was accepted
     * @throws SpoolFullException if there is no room
     * @throws IOException if storage fails; the message was not accepted
     */
    Receipt commit(Envelope envelope, Binding binding, Map<String, String> context, Instant received)
            throws IOException;

    /**
     * Begins to make the message durable. A storage that takes its time for it returns before it is done, so that the
     * caller can prepare meanwhile what comes after. This one does not: it is done when it returns.
     *
     * @param envelope who it is from and for
     * @param binding the binding it leaves through
     * @param context its variables, without secrets
     * @param received when it was accepted
     * @throws SpoolFullException if there is no room
     * @throws IOException if storage fails; the message was not accepted
     */
    default Commit begin(Envelope envelope, Binding binding, Map<String, String> context, Instant received)
            throws IOException {
        Receipt receipt = commit(envelope, binding, context, received);
        return new Commit() {
            @Override
            public SpooledMessage message() {
                return receipt.message();
            }

            @Override
            public Receipt await() {
                return receipt;
            }
        };
    }

    /** Drops what was written, unless it was committed. What was begun is awaited. */
    @Override
    void close();
}
