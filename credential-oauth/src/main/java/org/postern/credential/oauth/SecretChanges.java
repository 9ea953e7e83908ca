// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.oauth;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.postern.spi.credential.CredentialListener;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.CredentialStore;

/**
 * Where other stores tell of secrets that have changed. Apart from {@link OAuthStore}, which tells listeners itself and
 * would be one of its own.
 *
 * <p>Threading: safe for many threads.
 */
@Component(service = {CredentialListener.class, SecretChanges.class})
public final class SecretChanges implements CredentialListener {

    private final List<Consumer<Optional<CredentialRef>>> readers = new CopyOnWriteArrayList<>();

    /** A store has come, and may have what was missing; it is not asked for anything here. */
    @Reference(
            service = CredentialStore.class,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            unbind = "left")
    void arrived(ServiceReference<CredentialStore> store) {
        readers.forEach(reader -> reader.accept(Optional.empty()));
    }

    /** What a store told stays good when it goes. */
    void left(ServiceReference<CredentialStore> store) {}

    @Override
    public void changed(CredentialRef ref) {
        readers.forEach(reader -> reader.accept(Optional.of(ref)));
    }

    @Override
    public void storeChanged(String storeName) {
        readers.forEach(reader -> reader.accept(Optional.empty()));
    }

    /** @param reader is told which credential has changed; of nothing where any may have */
    void add(Consumer<Optional<CredentialRef>> reader) {
        readers.add(reader);
    }

    void remove(Consumer<Optional<CredentialRef>> reader) {
        readers.remove(reader);
    }
}
