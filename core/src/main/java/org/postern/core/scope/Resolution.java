// SPDX-License-Identifier: Apache-2.0
package org.postern.core.scope;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.postern.spi.settings.Located;
import org.postern.spi.settings.ScopePath;
import org.postern.spi.settings.Setting;
import org.postern.spi.settings.SettingsSnapshot;

/**
 * Every option as it holds for one binding and one routing domain in one snapshot.
 *
 * <p>Threading: safe for many threads; an answer is worked out once and remembered.
 */
public final class Resolution {

    private final SettingsSnapshot snapshot;
    private final List<ScopePath> places;
    private final Map<String, Resolved<?>> answers = new ConcurrentHashMap<>();
    private final Map<Class<?>, Object> derived = new ConcurrentHashMap<>();

    Resolution(SettingsSnapshot snapshot, List<ScopePath> places) {
        this.snapshot = snapshot;
        this.places = List.copyOf(places);
    }

    /** The configuration that this belongs to. */
    public SettingsSnapshot snapshot() {
        return snapshot;
    }

    /** The places that are asked, strongest first; only those that the configuration has. */
    public List<ScopePath> places() {
        return places;
    }

    /** What holds for an option. */
    public <T> Resolved<T> get(Setting<T> setting) {
        // One name has one type, so what was remembered under the name has the setting's type.
        @SuppressWarnings("unchecked")
        Resolved<T> known = (Resolved<T>) answers.get(setting.key());
        if (known != null) {
            return known;
        }
        Resolved<T> found = find(setting);
        answers.put(setting.key(), found);
        return found;
    }

    /** What holds for an option, and everything that lost to it. */
    public <T> ScopeChain<T> chain(Setting<T> setting) {
        List<ScopeChain.Link<T>> links = new ArrayList<>();
        for (ScopePath place : places) {
            snapshot.at(place, setting).ifPresent(written -> links.add(new ScopeChain.Link<>(place, written)));
        }
        return new ScopeChain<>(setting, get(setting), links);
    }

    /**
     * What a stage makes of the options, made once.
     *
     * @param type of what is made; one thing of each type
     * @param make what to do the first time
     */
    public <T> T derived(Class<T> type, Function<Resolution, T> make) {
        Object known = derived.get(type);
        if (known == null) {
            known = derived.computeIfAbsent(type, ignored -> make.apply(this));
        }
        return type.cast(known);
    }

    private <T> Resolved<T> find(Setting<T> setting) {
        for (ScopePath place : places) {
            Optional<Located<T>> written = snapshot.at(place, setting);
            if (written.isPresent()) {
                return won(place, written.get());
            }
        }
        return new Resolved<>(setting.defaultValue(), Optional.empty(), Optional.empty(), false);
    }

    private static <T> Resolved<T> won(ScopePath place, Located<T> written) {
        return new Resolved<>(
                written.value(),
                Optional.of(written.origin()),
                Optional.of(place),
                written.value().isEmpty());
    }
}
