// SPDX-License-Identifier: Apache-2.0
package org.postern.core.scope;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.postern.spi.settings.Setting;
import org.postern.spi.settings.SettingsSnapshot;

/**
 * The options of one snapshot: a number for each that is written anywhere in it, so that layers can be arrays, and the
 * answer for those that no place speaks of. Safe for many threads.
 */
final class Options {

    private static final int WRITTEN_NOWHERE = Integer.MAX_VALUE;

    private final Map<String, Integer> numbers = new HashMap<>();
    private final Map<String, Option> asked = new ConcurrentHashMap<>();

    /**
     * An option that was asked for.
     *
     * @param number its place in layers, beyond their end if it is written nowhere
     * @param byDefault what holds where no place speaks
     */
    record Option(int number, Resolved<?> byDefault) {}

    Options(SettingsSnapshot snapshot) {
        snapshot.places()
                .forEach(place ->
                        snapshot.writtenAt(place).keySet().forEach(key -> numbers.putIfAbsent(key, numbers.size())));
    }

    Option of(Setting<?> setting) {
        Option known = asked.get(setting.key());
        return known != null ? known : asked.computeIfAbsent(setting.key(), key -> unasked(setting));
    }

    private Option unasked(Setting<?> setting) {
        return new Option(numbers.getOrDefault(setting.key(), WRITTEN_NOWHERE), byDefault(setting));
    }

    private static <T> Resolved<T> byDefault(Setting<T> setting) {
        return new Resolved<>(setting.defaultValue(), Optional.empty(), Optional.empty(), false);
    }

    /** The number of an option that is written somewhere. */
    int numberOf(String key) {
        return numbers.get(key);
    }

    int count() {
        return numbers.size();
    }
}
