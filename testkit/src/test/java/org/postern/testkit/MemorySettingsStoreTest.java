// SPDX-License-Identifier: Apache-2.0
package org.postern.testkit;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.postern.spi.settings.InvalidValueException;
import org.postern.spi.settings.Located;
import org.postern.spi.settings.Origin;
import org.postern.spi.settings.RawValue;
import org.postern.spi.settings.ScopePath;
import org.postern.spi.settings.Setting;
import org.postern.spi.settings.SettingsListener;
import org.postern.spi.settings.SettingsSnapshot;
import org.postern.spi.settings.SettingsStore;
import org.postern.spi.settings.SettingsVocabulary;

class MemorySettingsStoreTest implements SettingsStoreContract {

    final AtomicReference<SettingsSnapshot> inForce = new AtomicReference<>(SettingsSnapshot.empty());
    final AtomicLong generations = new AtomicLong();
    SettingsListener listener;

    @Override
    public SettingsStore open(SettingsVocabulary vocabulary, SettingsListener told, List<Written> written)
            throws Exception {
        listener = told;
        inForce.set(read(written));
        return inForce::get;
    }

    @Override
    public void replace(List<Written> written) throws Exception {
        inForce.set(read(written));
        listener.changed(inForce.get());
    }

    @Override
    public void damage() {}

    SettingsSnapshot read(List<Written> written) throws InvalidValueException {
        SettingsSnapshot.Builder builder = SettingsSnapshot.builder(generations.incrementAndGet());
        int line = 0;
        for (Written one : written) {
            put(builder, one.place(), one.setting(), one.value(), ++line);
        }
        return builder.build();
    }

    <T> void put(SettingsSnapshot.Builder builder, ScopePath place, Setting<T> setting, String value, int line)
            throws InvalidValueException {
        builder.put(
                place, setting, new Located<>(setting.read(new RawValue.Scalar(value)), new Origin("memory", line, 1)));
    }
}
