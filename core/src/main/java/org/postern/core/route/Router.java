// SPDX-License-Identifier: Apache-2.0
package org.postern.core.route;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.postern.core.route.RouteTarget.Malformed;
import org.postern.spi.mail.RoutingDomain;

/**
 * Finds the hosts that take mail for a routing domain: those that {@code Routes} names; else the gateway's; else the
 * domain's own (RFC 5321 section 5.1). What an operator wrote and does not work is never the recipient's fault, so only
 * a domain's own DNS can end a delivery.
 *
 * <p>Threading: safe for many threads; blocks as long as DNS may.
 */
public final class Router {

    private static final int GATEWAYS_REMEMBERED = 1_000;

    private final MxLookup dns;
    private final OwnHost self;
    private final RandomGenerator random;
    private final Map<String, RouteTarget> gateways = new ConcurrentHashMap<>();

    /**
     * A router.
     *
     * @param dns whom to ask
     * @param self what an MX must not point back to
     * @param random orders hosts of equal preference; safe for many threads
     */
    public Router(MxLookup dns, OwnHost self, RandomGenerator random) {
        this.dns = dns;
        this.self = self;
        this.random = random;
    }

    /** The domain that a message is queued under: the gateway's name without port where there is one, else its own. */
    public RoutingDomain routingDomain(RoutingDomain recipientDomain, Optional<String> gateway) {
        return gateway.map(this::gatewayDomain).orElse(recipientDomain);
    }

    /** Where to deliver. */
    public RouteResult route(RouteRequest request) throws InterruptedException {
        HostFinder finder = new HostFinder(dns, self, random, request);
        return request.routes().isEmpty() ? withoutRoutes(request, finder) : byRoutes(request, finder);
    }

    // Every message asks for it several times.
    private RouteTarget gateway(String written) throws Malformed {
        RouteTarget known = gateways.get(written);
        if (known != null) {
            return known;
        }
        RouteTarget read = RouteTarget.gateway(written);
        if (gateways.size() >= GATEWAYS_REMEMBERED) {
            gateways.clear();
        }
        gateways.put(written, read);
        return read;
    }

    private RoutingDomain gatewayDomain(String gateway) {
        try {
            String host = gateway(gateway).host();
            return RoutingDomain.of(host.indexOf(':') < 0 ? host : "[ipv6:" + host + "]");
        } catch (Malformed unreadable) {
            // Queued under what is written; the route says what is wrong with it.
            return RoutingDomain.of(gateway.strip());
        }
    }

    private RouteResult withoutRoutes(RouteRequest request, HostFinder finder) throws InterruptedException {
        return request.gateway().isPresent()
                ? byGateway(request.gateway().get(), finder)
                : finder.ofDomain(request.domain().name());
    }

    private RouteResult byGateway(String written, HostFinder finder) throws InterruptedException {
        try {
            return operators("Gateway", written, finder.ofTarget(gateway(written)));
        } catch (Malformed unreadable) {
            return new RouteResult.TryLater("Gateway '" + written + "' " + unreadable.getMessage());
        }
    }

    private RouteResult byRoutes(RouteRequest request, HostFinder finder) throws InterruptedException {
        List<Hop> hops = new ArrayList<>();
        List<RouteResult> failures = new ArrayList<>();
        for (Entry entry : inOrder(request.routes(), failures)) {
            RouteResult found = entry.target().isOwnMx()
                    ? withoutRoutes(request, finder)
                    : operators("route", entry.written(), finder.ofTarget(entry.target()));
            if (found instanceof RouteResult.Hosts(List<Hop> more)) {
                hops.addAll(more);
            } else {
                failures.add(found);
            }
        }
        return hops.isEmpty()
                ? worst(failures)
                : new RouteResult.Hosts(hops.stream().distinct().toList());
    }

    /** Entries without a preference keep their position in the list as one. */
    private List<Entry> inOrder(List<String> routes, List<RouteResult> failures) {
        Map<Integer, List<Entry>> ranks = new TreeMap<>(Comparator.naturalOrder());
        for (int position = 0; position < routes.size(); position++) {
            String written = routes.get(position);
            try {
                RouteTarget target = RouteTarget.route(written);
                ranks.computeIfAbsent(target.preference().orElse(position), rank -> new ArrayList<>())
                        .add(new Entry(written, target));
            } catch (Malformed unreadable) {
                failures.add(new RouteResult.TryLater("route '" + written + "' " + unreadable.getMessage()));
            }
        }
        ranks.values().forEach(equals -> Collections.shuffle(equals, random));
        return ranks.values().stream().flatMap(List::stream).toList();
    }

    /** Final only where nothing else was asked but the domain itself. */
    private static RouteResult worst(List<RouteResult> failures) {
        if (failures.size() == 1) {
            return failures.getFirst();
        }
        List<String> reasons = failures.stream().map(Router::reason).toList();
        return new RouteResult.TryLater("no route can be used: " + String.join("; ", reasons));
    }

    private static RouteResult operators(String what, String written, RouteResult found) {
        return found instanceof RouteResult.Hosts
                ? found
                : new RouteResult.TryLater(what + " '" + written + "': " + reason(found));
    }

    private static String reason(RouteResult result) {
        return switch (result) {
            case RouteResult.Hosts hosts -> hosts.hops().toString();
            case RouteResult.NeverAccepts never -> never.reason();
            case RouteResult.NoSuchDomain none -> none.reason();
            case RouteResult.TryLater later -> later.reason();
        };
    }

    private record Entry(String written, RouteTarget target) {}
}
