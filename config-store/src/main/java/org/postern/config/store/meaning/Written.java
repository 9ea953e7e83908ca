// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store.meaning;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.postern.config.store.language.Item.Assignment;
import org.postern.spi.settings.InvalidValueException;
import org.postern.spi.settings.Located;
import org.postern.spi.settings.Origin;
import org.postern.spi.settings.ScopePath;
import org.postern.spi.settings.Setting;
import org.postern.spi.settings.SettingsSnapshot;
import org.postern.spi.settings.SettingsSnapshot.DomainPattern;

/** What is written in scopes, in the order of the files. A snapshot can be asked only for settings one knows; this can be walked. */
final class Written {

    private final Witness witness;
    private final Map<ScopePath, Map<String, Entry<?>>> entries = new LinkedHashMap<>();
    private final Map<ScopePath, Map<String, DomainPattern>> patterns = new LinkedHashMap<>();

    Written() {
        this(Witness.NOBODY);
    }

    /** @param witness is told of everything that is put in */
    Written(Witness witness) {
        this.witness = witness;
    }

    /**
     * A setting and what was written for it.
     *
     * @param setting which
     * @param value its value and place
     * @param <T> the type of values
     */
    record Entry<T>(Setting<T> setting, Located<T> value) {

        private void putInto(SettingsSnapshot.Builder builder, ScopePath place) {
            builder.put(place, setting, value);
        }
    }

    /** @throws InvalidValueException if the value has not the form that the setting asks for */
    <T> void put(ScopePath place, Setting<T> setting, Assignment option) throws InvalidValueException {
        Located<T> value =
                new Located<>(setting.read(option.value()), option.word().origin());
        witness.assigned(place, setting, option);
        entries.computeIfAbsent(place, ignored -> new LinkedHashMap<>())
                .put(setting.key(), new Entry<>(setting, value));
    }

    void declare(ScopePath place) {
        entries.computeIfAbsent(place, ignored -> new LinkedHashMap<>());
    }

    void declarePattern(ScopePath container, DomainPattern pattern) {
        patterns.computeIfAbsent(container, ignored -> new LinkedHashMap<>()).putIfAbsent(pattern.text(), pattern);
        declare(container.withDomain(pattern.text()));
    }

    Set<ScopePath> places() {
        return Collections.unmodifiableSet(entries.keySet());
    }

    Map<String, Entry<?>> at(ScopePath place) {
        return Collections.unmodifiableMap(entries.getOrDefault(place, Map.of()));
    }

    Optional<Entry<?>> at(ScopePath place, String key) {
        Map<String, Entry<?>> there = entries.get(place);
        return there == null ? Optional.empty() : Optional.ofNullable(there.get(key));
    }

    /** Patterns by container, in order, as texts. */
    Map<ScopePath, java.util.List<String>> patternTexts() {
        Map<ScopePath, java.util.List<String>> texts = new LinkedHashMap<>();
        patterns.forEach((container, found) -> texts.put(container, java.util.List.copyOf(found.keySet())));
        return texts;
    }

    /** Calls back for each value, in the order of the files. */
    void forEach(BiConsumer<ScopePath, Entry<?>> use) {
        entries.forEach((place, there) -> there.values().forEach(entry -> use.accept(place, entry)));
    }

    SettingsSnapshot.Builder toSnapshot(long generation) {
        SettingsSnapshot.Builder builder = SettingsSnapshot.builder(generation);
        entries.keySet().forEach(builder::declare);
        patterns.forEach(
                (container, found) -> found.values().forEach(pattern -> builder.declarePattern(container, pattern)));
        forEach((place, entry) -> entry.putInto(builder, place));
        return builder;
    }

    /** Whether everything is the same, down to lines and columns. */
    boolean isSameAs(Written other) {
        return entries.equals(other.entries) && patternOrigins().equals(other.patternOrigins());
    }

    private Map<ScopePath, Map<String, Origin>> patternOrigins() {
        Map<ScopePath, Map<String, Origin>> origins = new LinkedHashMap<>();
        patterns.forEach((container, found) -> {
            Map<String, Origin> there = new LinkedHashMap<>();
            found.forEach((text, pattern) -> there.put(text, pattern.origin()));
            origins.put(container, there);
        });
        return origins;
    }
}
