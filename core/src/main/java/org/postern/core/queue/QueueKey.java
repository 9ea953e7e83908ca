// SPDX-License-Identifier: Apache-2.0
package org.postern.core.queue;

import org.postern.spi.mail.Binding;
import org.postern.spi.mail.RoutingDomain;

/**
 * What mail is queued under.
 *
 * @param binding the binding it leaves through
 * @param domain the routing domain
 */
public record QueueKey(Binding binding, RoutingDomain domain) {

    @Override
    public String toString() {
        return binding + "/" + domain;
    }
}
