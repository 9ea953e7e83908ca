// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.oauth.protocol;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.postern.credential.oauth.Account.Provider;

/** Finds the endpoints of providers, and remembers for a while what an issuer has published. */
final class EndpointFinder {

    private static final Duration GOOD_FOR = Duration.ofHours(1);

    private final HttpTransport transport;
    private final InstantSource clock;
    private final Map<URI, Found> found = new ConcurrentHashMap<>();

    private record Found(Endpoints endpoints, Instant at) {}

    EndpointFinder(HttpTransport transport, InstantSource clock) {
        this.transport = transport;
        this.clock = clock;
    }

    Endpoints of(Provider provider) throws IOException {
        return switch (provider) {
            case Provider.Known known -> new Endpoints(known.token(), known.device(), false);
            case Provider.Discovered discovered -> discovered(discovered.issuer());
        };
    }

    private Endpoints discovered(URI issuer) throws IOException {
        Found known = found.get(issuer);
        if (known != null && clock.instant().isBefore(known.at().plus(GOOD_FOR))) {
            return known.endpoints();
        }
        Endpoints fresh = Endpoints.discover(issuer, transport);
        found.put(issuer, new Found(fresh, clock.instant()));
        return fresh;
    }
}
