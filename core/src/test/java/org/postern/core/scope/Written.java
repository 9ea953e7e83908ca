// SPDX-License-Identifier: Apache-2.0
package org.postern.core.scope;

import java.util.Optional;
import java.util.regex.Pattern;
import org.postern.spi.settings.InvalidValueException;
import org.postern.spi.settings.Located;
import org.postern.spi.settings.Origin;
import org.postern.spi.settings.RawValue;
import org.postern.spi.settings.ScopePath;
import org.postern.spi.settings.Setting;
import org.postern.spi.settings.SettingsSnapshot;
import org.postern.spi.settings.SettingsSnapshot.DomainPattern;

/** A configuration written line by line; the line is where each value says that it stands. */
final class Written {

    private final SettingsSnapshot.Builder builder = SettingsSnapshot.builder(1);
    private int line;

    Written at(ScopePath place) {
        line++;
        builder.declare(place);
        return this;
    }

    Written pattern(ScopePath container, String pattern) {
        line++;
        builder.declarePattern(container, new DomainPattern("/" + pattern + "/", Pattern.compile(pattern), origin()));
        return this;
    }

    <T> Written set(ScopePath place, Setting<T> setting, String text) {
        line++;
        try {
            Optional<T> value = setting.read(new RawValue.Scalar(text));
            builder.put(place, setting, new Located<>(value, origin()));
            return this;
        } catch (InvalidValueException wrong) {
            throw new IllegalArgumentException(setting + " " + wrong.getMessage(), wrong);
        }
    }

    SettingsSnapshot read() {
        return builder.build();
    }

    private Origin origin() {
        return new Origin("postern.conf", line, 1);
    }
}
