// SPDX-License-Identifier: Apache-2.0
package org.postern.core.engine;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.postern.spi.credential.CredentialStore;

/**
 * The bundles that have offered a credential store. One that offers none at the moment is being replaced, or its store is
 * opening: what nobody else has may well be in there.
 *
 * <p>Threading: safe for many threads.
 */
@Component(service = StoresBefore.class)
public final class StoresBefore {

    private final Set<Bundle> bundles = ConcurrentHashMap.newKeySet();

    /** A store has come. */
    @Reference(
            service = CredentialStore.class,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            unbind = "left")
    void arrived(ServiceReference<CredentialStore> store) {
        bundles.add(store.getBundle());
    }

    /** A store goes; that it was here is the point. */
    void left(ServiceReference<CredentialStore> store) {}

    /** Those that are installed still, and not among the ones that offer a store now. */
    List<Bundle> without(Collection<Bundle> now) {
        bundles.removeIf(bundle -> bundle.getState() == Bundle.UNINSTALLED);
        return bundles.stream().filter(bundle -> !now.contains(bundle)).toList();
    }
}
