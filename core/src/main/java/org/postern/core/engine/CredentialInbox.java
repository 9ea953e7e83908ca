// SPDX-License-Identifier: Apache-2.0
package org.postern.core.engine;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.osgi.service.component.annotations.Component;
import org.postern.spi.credential.CredentialListener;
import org.postern.spi.credential.CredentialRef;

/** Where stores announce changed credentials; apart from the engine for the same reason as {@link SettingsInbox}. */
@Component(service = {CredentialListener.class, CredentialInbox.class})
public final class CredentialInbox implements CredentialListener {

    private final List<CredentialListener> readers = new CopyOnWriteArrayList<>();

    @Override
    public void changed(CredentialRef ref) {
        readers.forEach(reader -> reader.changed(ref));
    }

    @Override
    public void storeChanged(String storeName) {
        readers.forEach(reader -> reader.storeChanged(storeName));
    }

    void add(CredentialListener reader) {
        readers.add(reader);
    }

    void remove(CredentialListener reader) {
        readers.remove(reader);
    }
}
