// SPDX-License-Identifier: Apache-2.0
package org.postern.core.route;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.postern.spi.mail.RoutingDomain;

/**
 * What is asked of the router.
 *
 * @param domain the routing domain, as {@link Router#routingDomain} gives it
 * @param gateway the value of {@code Gateway}, where it replaced the recipient's domain
 * @param routes the value of {@code Routes} for the routing domain; empty means that the domain's own MX hold
 * @param defaultPort the value of {@code Remote_SMTP_Port}
 * @param useIpv6 the value of {@code Use_IPv6}
 * @param preferIpv6 the value of {@code Prefer_IPv6_MXs}: whether IPv6 addresses of a host come first
 * @param prohibitedHosts the value of {@code Prohibited_Hosts}: names, addresses, and blocks such as {@code 10.0.0.0/8}
 */
public record RouteRequest(
        RoutingDomain domain,
        Optional<String> gateway,
        List<String> routes,
        int defaultPort,
        boolean useIpv6,
        boolean preferIpv6,
        List<String> prohibitedHosts) {

    /** Without preference for a family of addresses. */
    public RouteRequest(
            RoutingDomain domain,
            Optional<String> gateway,
            List<String> routes,
            int defaultPort,
            boolean useIpv6,
            List<String> prohibitedHosts) {
        this(domain, gateway, routes, defaultPort, useIpv6, false, prohibitedHosts);
    }

    /** Copies the lists. */
    public RouteRequest {
        Objects.requireNonNull(domain, "domain");
        Objects.requireNonNull(gateway, "gateway");
        routes = List.copyOf(routes);
        prohibitedHosts = List.copyOf(prohibitedHosts);
    }
}
