// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store.meaning;

import java.util.Arrays;
import java.util.Locale;
import org.postern.spi.settings.ScopeKind;
import org.postern.spi.settings.ScopePath;
import org.postern.spi.settings.Setting;
import org.postern.spi.settings.SettingType;

/** What becomes of words that Momentum knows and nothing here uses. */
public enum Compatibility {
    /** They are warned of, so that an inherited file loads. */
    LENIENT,
    /** They are errors, so that nothing in the file is without effect. */
    STRICT;

    /** Chooses one of them. */
    public static final Setting<String> SETTING = Setting.of(
                    "Compatibility",
                    SettingType.oneOf("lenient", "strict"),
                    "lenient",
                    "Whether options that only Momentum uses are warned of (lenient) or refused (strict).")
            .in(ScopeKind.GLOBAL);

    static Compatibility in(Written written) {
        String word = written.at(ScopePath.GLOBAL, SETTING.key())
                .flatMap(entry -> entry.value().value())
                .map(String::valueOf)
                .orElseGet(() -> SETTING.defaultValue().orElseThrow());
        return Arrays.stream(values())
                .filter(one -> one.name().toLowerCase(Locale.ROOT).equals(word))
                .findFirst()
                .orElseThrow();
    }
}
