// SPDX-License-Identifier: Apache-2.0
package org.postern.core.route;

import java.util.Optional;
import java.util.random.RandomGenerator;
import org.postern.spi.mail.RoutingDomain;

/**
 * Finds the hosts that take mail for a routing domain.
 *
 * <p>Threading: safe for many threads; blocks as long as DNS may.
 */
public final class Router {

    /**
     * A router.
     *
     * @param dns whom to ask
     * @param self what an MX must not point back to
     * @param random orders hosts of equal preference; safe for many threads
     */
    public Router(MxLookup dns, OwnHost self, RandomGenerator random) {}

    /** The domain that a message is queued under: the gateway's name without port where there is one, else its own. */
    public RoutingDomain routingDomain(RoutingDomain recipientDomain, Optional<String> gateway) {
        throw new UnsupportedOperationException();
    }

    /** Where to deliver. */
    public RouteResult route(RouteRequest request) throws InterruptedException {
        throw new UnsupportedOperationException();
    }
}
