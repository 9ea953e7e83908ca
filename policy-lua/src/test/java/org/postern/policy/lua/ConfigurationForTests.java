// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua;

import java.util.List;
import java.util.Optional;
import org.postern.core.engine.ScopePrecedence;
import org.postern.core.scope.OutboundVocabulary;
import org.postern.spi.settings.InvalidValueException;
import org.postern.spi.settings.Located;
import org.postern.spi.settings.Origin;
import org.postern.spi.settings.RawValue;
import org.postern.spi.settings.ScopePath;
import org.postern.spi.settings.Setting;
import org.postern.spi.settings.SettingsSnapshot;

/** A configuration with the engine's own precedence and options, written place by place. */
final class ConfigurationForTests {

    private final SettingsSnapshot.Builder builder = SettingsSnapshot.builder(1);
    private int line;

    <T> ConfigurationForTests set(ScopePath place, Setting<T> setting, String text) {
        try {
            Optional<T> value = setting.read(new RawValue.Scalar(text));
            builder.put(place, setting, new Located<>(value, new Origin("postern.conf", ++line, 1)));
            return this;
        } catch (InvalidValueException wrong) {
            throw new IllegalArgumentException(setting + " " + wrong.getMessage(), wrong);
        }
    }

    ConfigurationOfScopes inForce() {
        SettingsSnapshot snapshot = builder.build();
        return new ConfigurationOfScopes(() -> snapshot, new ScopePrecedence(), List.of(new OutboundVocabulary()));
    }
}
