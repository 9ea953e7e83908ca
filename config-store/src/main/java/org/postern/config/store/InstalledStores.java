// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.wiring.BundleRevision;
import org.postern.config.store.meaning.Loaded;
import org.postern.spi.credential.CredentialStore;

/** The stores that bundles offer as services. They are got for the length of a use only. */
final class InstalledStores implements CredentialStores {

    private static final String SERVICES = "osgi.service";
    private static final String OBJECT_CLASS = "objectClass";

    private final BundleContext context;

    InstalledStores(BundleContext context) {
        this.context = context;
    }

    /**
     * A store either needs no stanza, and is there; or its bundle says in its manifest that it offers one, and has a
     * stanza whose persistent identity begins with the bundle's name.
     */
    @Override
    public boolean anyWith(Loaded loaded) {
        return !references().isEmpty()
                || Stream.of(context.getBundles())
                        .filter(InstalledStores::offersStore)
                        .map(Bundle::getSymbolicName)
                        .anyMatch(name -> loaded.stanzas().stream()
                                .anyMatch(stanza -> (stanza.pid() + ".").startsWith(name + ".")));
    }

    private static boolean offersStore(Bundle bundle) {
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        return revision != null
                && revision.getDeclaredCapabilities(SERVICES).stream()
                        .map(capability -> capability.getAttributes().get(OBJECT_CLASS))
                        .anyMatch(types -> types instanceof List<?> names
                                ? names.contains(CredentialStore.class.getName())
                                : CredentialStore.class.getName().equals(types));
    }

    @Override
    public <R> R use(Use<R> use) throws InterruptedException {
        List<ServiceReference<CredentialStore>> got = new ArrayList<>();
        List<CredentialStore> stores = new ArrayList<>();
        try {
            for (ServiceReference<CredentialStore> reference : references()) {
                CredentialStore store = context.getService(reference);
                if (store != null) {
                    got.add(reference);
                    stores.add(store);
                }
            }
            return use.of(stores);
        } finally {
            got.forEach(context::ungetService);
        }
    }

    private List<ServiceReference<CredentialStore>> references() {
        try {
            Collection<ServiceReference<CredentialStore>> all =
                    context.getServiceReferences(CredentialStore.class, null);
            return all.stream().sorted(Comparator.reverseOrder()).toList();
        } catch (InvalidSyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
