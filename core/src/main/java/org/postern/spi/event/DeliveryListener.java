// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.event;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Is told what the engine does. Registered as an OSGi service.
 *
 * <p>Threading: called by the thread that did the work, so it returns soon and never blocks. What it throws is logged and
 * otherwise ignored.
 */
@ConsumerType
public interface DeliveryListener {

    /** Something happened. */
    void on(DeliveryEvent event);
}
