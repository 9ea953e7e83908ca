// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.spool;

import java.io.IOException;
import org.osgi.annotation.versioning.ConsumerType;

/** A message that is becoming durable. Used by the thread that has its draft. */
@ConsumerType
public interface Commit {

    /** The message as it will be stored, with the name that it will have. Nobody is told of it before it is durable. */
    SpooledMessage message();

    /**
     * Waits until the message is durable, and returns only then.
     *
     * @throws SpoolFullException if there is no room
     * @throws IOException if storage fails; the message was not accepted
     */
    Receipt await() throws IOException;
}
