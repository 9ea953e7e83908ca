// SPDX-License-Identifier: Apache-2.0
package org.postern.core.route;

import java.util.List;

/** Where mail for a routing domain goes. Each reason is one line for people. */
public sealed interface RouteResult {

    /**
     * To these, in this order.
     *
     * @param hops never empty
     */
    record Hosts(List<Hop> hops) implements RouteResult {

        /** Copies the list. */
        public Hosts {
            hops = List.copyOf(hops);
        }
    }

    /**
     * The domain says that it takes no mail (RFC 7505): 5.1.10.
     *
     * @param reason why
     */
    record NeverAccepts(String reason) implements RouteResult {}

    /**
     * The recipient's domain does not exist: 5.1.2.
     *
     * @param reason why
     */
    record NoSuchDomain(String reason) implements RouteResult {}

    /**
     * Nowhere now: DNS does not answer, or what it or the operator says cannot be used. Never the recipient's fault.
     *
     * @param reason why
     */
    record TryLater(String reason) implements RouteResult {}
}
