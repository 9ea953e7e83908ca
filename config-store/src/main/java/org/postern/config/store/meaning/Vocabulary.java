// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store.meaning;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.postern.spi.settings.Setting;
import org.postern.spi.settings.SettingsVocabulary;
import org.postern.spi.settings.StanzaType;

/** All options and stanzas that are known. Immutable; a later description of a name replaces an earlier one. */
public final class Vocabulary {

    /** Nothing but the stanzas of scopes, which the language itself knows. */
    public static final Vocabulary EMPTY = new Vocabulary(Map.of(), Map.of());

    private final Map<String, Setting<?>> settings;
    private final Map<String, StanzaType> stanzas;

    private Vocabulary(Map<String, Setting<?>> settings, Map<String, StanzaType> stanzas) {
        this.settings = settings;
        this.stanzas = stanzas;
    }

    /** These words and those of a bundle. */
    public Vocabulary plus(SettingsVocabulary more) {
        Map<String, Setting<?>> allSettings = new LinkedHashMap<>(settings);
        more.settings().forEach(setting -> allSettings.put(setting.key(), setting));
        Map<String, StanzaType> allStanzas = new LinkedHashMap<>(stanzas);
        more.stanzas().forEach(stanza -> allStanzas.put(stanza.key(), stanza));
        return new Vocabulary(allSettings, allStanzas);
    }

    Optional<Setting<?>> setting(String word) {
        return Optional.ofNullable(settings.get(word.toLowerCase(Locale.ROOT)));
    }

    Optional<StanzaType> stanza(String word) {
        return Optional.ofNullable(stanzas.get(word.toLowerCase(Locale.ROOT)));
    }

    /** Stanzas that a bundle is told of even where the file has none. */
    Stream<StanzaType> alwaysThere() {
        return stanzas.values().stream().filter(stanza -> stanza.always() && !stanza.named());
    }

    /** The first stanza that an option may stand in, if it is an option of bundles. */
    Optional<StanzaType> stanzaWith(String option) {
        String key = option.toLowerCase(Locale.ROOT);
        return stanzas.values().stream()
                .filter(stanza -> stanza.settings().stream()
                        .anyMatch(setting -> setting.key().equals(key)))
                .findFirst();
    }

    /** Options of scopes by their documented names. */
    Collection<String> settingNames() {
        return settings.values().stream().map(Setting::name).toList();
    }

    /** Stanzas by their documented names, those of the language included. */
    Collection<String> stanzaNames() {
        List<String> names = new ArrayList<>(ScopeWord.names());
        names.addAll(ModuleStanzas.NAMES);
        stanzas.values().forEach(stanza -> names.add(stanza.name()));
        return names;
    }
}
