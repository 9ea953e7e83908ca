// SPDX-License-Identifier: Apache-2.0
package org.postern.core.scope;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.postern.spi.settings.Setting;
import org.postern.spi.settings.SettingsSnapshot;

/**
 * The options of one snapshot: a number for each that is written anywhere in it, so that layers can be arrays, and the
 * answer for those that no place speaks of. Immutable.
 */
final class Options {

    private static final int WRITTEN_NOWHERE = -1;
    /** A power of two that leaves three of four slots free, so that every search ends, and most at once. */
    private static final int SLOTS =
            4 * Integer.highestOneBit(2 * OutboundSettings.all().size() - 1);

    private static final int GOLDEN_RATIO = 0x9E3779B9;

    private final Map<String, Integer> numbers = new HashMap<>();

    // No map, because each message asks some sixty times: an option stands in the first free slot from the one that its
    // hash names.
    private final Option[] engine = new Option[SLOTS];

    /**
     * One option.
     *
     * @param setting the option
     * @param number its place in layers; negative if it is written nowhere
     * @param byDefault what holds where no place speaks
     */
    record Option(Setting<?> setting, int number, Resolved<?> byDefault) {

        boolean isWritten() {
            return number >= 0;
        }
    }

    Options(SettingsSnapshot snapshot) {
        snapshot.places()
                .forEach(place ->
                        snapshot.writtenAt(place).keySet().forEach(key -> numbers.putIfAbsent(key, numbers.size())));
        OutboundSettings.all().forEach(setting -> engine[slot(setting)] = option(setting));
    }

    /** The option of a setting: one of the engine's own at once, one of a bundle made anew. */
    Option of(Setting<?> setting) {
        Option known = engine[slot(setting)];
        return known != null ? known : option(setting);
    }

    /** Where the option stands, or would. */
    private int slot(Setting<?> setting) {
        int slot = setting.hashCode() * GOLDEN_RATIO >>> Integer.numberOfLeadingZeros(SLOTS - 1);
        while (engine[slot] != null && !engine[slot].setting().equals(setting)) {
            slot = slot + 1 & SLOTS - 1;
        }
        return slot;
    }

    private Option option(Setting<?> setting) {
        return new Option(setting, numbers.getOrDefault(setting.key(), WRITTEN_NOWHERE), byDefault(setting));
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
