// SPDX-License-Identifier: Apache-2.0
package org.postern.core.delivery;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import org.postern.core.outcome.FailurePolicy;
import org.postern.core.queue.QueueKey;
import org.postern.core.route.Hop;
import org.postern.core.route.RouteRequest;
import org.postern.core.route.RouteResult;
import org.postern.core.route.Router;
import org.postern.core.scope.OutboundSettings;
import org.postern.core.scope.Resolution;
import org.postern.spi.mail.Binding;
import org.postern.spi.mail.RoutingDomain;

/** From scopes to hosts: which domain a recipient is queued under, and where that domain's mail goes. */
@Singleton
final class Routes {

    private final Router router;
    private final CurrentSettings settings;
    private final FailurePolicy policy;

    @Inject
    Routes(Router router, CurrentSettings settings, FailurePolicy policy) {
        this.router = router;
        this.settings = settings;
        this.policy = policy;
    }

    QueueKey queueFor(Binding binding, RoutingDomain recipientDomain) {
        Optional<String> gateway = gateway(settings.resolve(binding, recipientDomain));
        return new QueueKey(binding, router.routingDomain(recipientDomain, gateway));
    }

    /**
     * The hosts, best first. The gateway is asked of the recipients' own domain: it is what made them queue here.
     *
     * @param options as they hold for the routing domain
     */
    List<Hop> find(QueueKey key, RoutingDomain recipientDomain, Resolution options)
            throws NotDeliverable, InterruptedException {
        Resolution own =
                recipientDomain.equals(key.domain()) ? options : settings.resolve(key.binding(), recipientDomain);
        RouteResult result = router.route(new RouteRequest(
                key.domain(),
                gateway(own),
                options.get(OutboundSettings.ROUTES).value().orElse(List.of()),
                port(options),
                options.get(OutboundSettings.USE_IPV6).orThrow(),
                options.get(OutboundSettings.PREFER_IPV6_MXS).orThrow(),
                options.get(OutboundSettings.PROHIBITED_HOSTS).value().orElse(List.of())));
        return switch (result) {
            case RouteResult.Hosts hosts -> hosts.hops();
            case RouteResult.NeverAccepts never -> throw new NotDeliverable(policy.noSuchDestination(never.reason()));
            case RouteResult.NoSuchDomain none -> throw new NotDeliverable(policy.noSuchDestination(none.reason()));
            case RouteResult.TryLater later -> throw new NotDeliverable(policy.noRouteNow(later.reason()));
        };
    }

    private static int port(Resolution options) {
        boolean lmtp = options.get(OutboundSettings.DELIVERY_METHOD).orThrow().equals("LMTP");
        return Math.toIntExact(options.get(lmtp ? OutboundSettings.LMTP_PORT : OutboundSettings.REMOTE_SMTP_PORT)
                .orThrow());
    }

    private static Optional<String> gateway(Resolution options) {
        return options.get(OutboundSettings.GATEWAY).value();
    }
}
