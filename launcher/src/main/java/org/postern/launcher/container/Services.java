// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher.container;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/** What the bundles offer, as far as names and service properties tell: no type of theirs is needed to ask. */
public final class Services {

    private final BundleContext context;

    /** Asks this container. */
    public Services(BundleContext context) {
        this.context = context;
    }

    /** Whether anybody offers this type. */
    public boolean present(String type) {
        return !references(type).isEmpty();
    }

    /** Where mail is taken in: one {@code host:port} per listener. */
    public List<String> listeners() {
        return references("java.net.SocketAddress").stream()
                .filter(reference -> reference.getProperty("postern.listener") != null)
                .map(reference -> String.valueOf(reference.getProperty("postern.listener.address")))
                .sorted()
                .toList();
    }

    /** Spools that read what waits in them, which takes as long as it takes. */
    public List<String> opening() {
        return references("java.nio.file.Path").stream()
                .map(reference -> reference.getProperty("postern.spool.opening"))
                .filter(Objects::nonNull)
                .map(String::valueOf)
                .toList();
    }

    /** The names of the mechanisms that are offered. */
    public List<String> mechanisms() {
        return references("org.postern.spi.sasl.SaslMechanism").stream()
                .map(reference -> String.valueOf(reference.getProperty("postern.mechanism.name")))
                .sorted()
                .distinct()
                .toList();
    }

    private List<ServiceReference<?>> references(String type) {
        try {
            ServiceReference<?>[] all = context.getAllServiceReferences(type, null);
            return all == null ? List.of() : new ArrayList<>(List.of(all));
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
