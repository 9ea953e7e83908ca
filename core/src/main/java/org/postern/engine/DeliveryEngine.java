// SPDX-License-Identifier: Apache-2.0
package org.postern.engine;

import java.io.IOException;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Takes mail in. Offered as an OSGi service while a spool is there and the engine works.
 *
 * <p>Threading: safe for many threads.
 */
@ProviderType
public interface DeliveryEngine {

    /**
     * Starts taking a message in.
     *
     * @throws org.postern.spi.spool.SpoolFullException if there is no room
     * @throws IOException if storage fails or the engine is going down
     */
    Submission submit() throws IOException;
}
