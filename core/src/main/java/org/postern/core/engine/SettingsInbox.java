// SPDX-License-Identifier: Apache-2.0
package org.postern.core.engine;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.osgi.service.component.annotations.Component;
import org.postern.spi.settings.SettingsListener;
import org.postern.spi.settings.SettingsSnapshot;

/**
 * Where stores announce snapshots. A component of its own, because an engine that both listened to a store and referred
 * to it would make a circle that Declarative Services cannot resolve in one go.
 */
@Component(service = {SettingsListener.class, SettingsInbox.class})
public final class SettingsInbox implements SettingsListener {

    private final List<Consumer<SettingsSnapshot>> readers = new CopyOnWriteArrayList<>();

    @Override
    public void changed(SettingsSnapshot snapshot) {
        readers.forEach(reader -> reader.accept(snapshot));
    }

    void add(Consumer<SettingsSnapshot> reader) {
        readers.add(reader);
    }

    void remove(Consumer<SettingsSnapshot> reader) {
        readers.remove(reader);
    }
}
