// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.osgi.service.component.annotations.Component;
import org.postern.spi.settings.SettingsListener;
import org.postern.spi.settings.SettingsSnapshot;

/**
 * Hears of every configuration. A component of its own, so that what listens to a store is not what refers to it: together
 * they would make a circle that Declarative Services cannot resolve in one go.
 */
@Component(service = {SettingsListener.class, ReloadSignal.class})
public final class ReloadSignal implements SettingsListener {

    private final List<Runnable> readers = new CopyOnWriteArrayList<>();

    @Override
    public void changed(SettingsSnapshot snapshot) {
        // Beside the caller, whom a script that runs in circles must not keep waiting.
        readers.forEach(reader -> Thread.ofVirtual().name("postern-lua-load").start(reader));
    }

    void add(Runnable reader) {
        readers.add(reader);
    }

    void remove(Runnable reader) {
        readers.remove(reader);
    }
}
